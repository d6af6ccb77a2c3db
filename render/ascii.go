package render

import "strings"

// glyphs are the characters beyond ASCII that this package draws with, each with
// what stands for it where a terminal shows ASCII alone.
var glyphs = []string{
	"─", "-",
	"→", "->",
	"↔", "<->",
	"↕", "^",
	"…", "...",
	"·", "-",
	"↑", "^",
	"↓", "v",
	"↳", "`-",
	"█", "#", // of bars, whose last eighths have none
}

var toASCII = strings.NewReplacer(glyphs...)

// inASCII returns words of our own in ASCII.
func inASCII(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return toASCII.Replace(s)
		}
	}
	return s
}
