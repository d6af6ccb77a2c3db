package equivalent

import "strings"

// inGoroutine has lines of Go go on while those behind them do. The program ends when all have,
// but for those that are endless. What reads a stream by itself does so in any case.
func inGoroutine(lines string, _ int, endless bool) string {
	for _, reads := range []string{"attached(", "terminal(", "waited("} {
		if strings.HasPrefix(lines, reads) {
			return lines
		}
	}
	open, end := "aside(func() {", "})"
	if endless {
		open, end = "go func() {", "}()"
	}
	return open + "\n\t" + strings.ReplaceAll(lines, "\n", "\n\t") + "\n" + end
}
