package equivalent

import (
	"strconv"
	"strings"
)

// inThread has lines of Python go on while those behind them do. A program of Python ends
// when all its threads have, but for those that are endless.
func inThread(lines string, n int, endless bool) string {
	name := "aside" + strconv.Itoa(n)
	more := ""
	if endless {
		more = ", daemon=True"
	}
	return "def " + name + "():\n    " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n\nthreading.Thread(target=" + name + more + ").start()"
}

// pyHead is the first line of a script: no comment about the traffic names its encoding (PEP 263).
const pyHead = "# -*- coding: utf-8 -*-\n"
