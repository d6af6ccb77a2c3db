package equivalent

import (
	"strconv"
	"strings"
)

// inThread has lines of Python go on while those behind them do. A program of Python ends
// when all its threads have.
func inThread(lines string, n int) string {
	name := "aside" + strconv.Itoa(n)
	return "def " + name + "():\n    " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n\nthreading.Thread(target=" + name + ").start()"
}
