package markup

import (
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
)

// signs are the characters that say in front of lines what became of them.
var signs = [...]string{Kept: " ", Removed: "-", Added: "+"}

// changed returns lines as they are shown: each with the sign of its change, and none
// of more than one line, so that no text can say what became of it.
func changed(lines []Line) (all []Line) {
	for _, line := range lines {
		for text := range strings.SplitSeq(escape.Lines(line.Text), "\n") {
			all = append(all, Line{line.Change, signs[line.Change] + text})
		}
	}
	return all
}
