package render

import (
	"strings"

	"github.com/socktrace/socktrace/internal/shortid"
	"github.com/socktrace/socktrace/wire"
)

// subjectWords returns what people call what an exchange is about: its name, else its
// id in short; an exec instance, which has no name, by its container.
func subjectWords(s *wire.Subject) string {
	switch {
	case s.Type == "exec" && s.Container != "":
		return "exec in " + shortid.Of(s.Container)
	case s.Name != "":
		return s.Name
	case s.Type == "exec" && s.ID != "":
		return "exec " + shortid.Of(s.ID)
	}
	return shortid.Of(s.ID)
}

// maxTitle is how many bytes a heading has of a name, which may be of any length.
const maxTitle = 80

// clipped returns at most so many bytes of s.
func clipped(s string, c *palette) string {
	if len(s) <= maxTitle {
		return s
	}
	return strings.ToValidUTF8(s[:maxTitle], "") + c.glyph("…")
}
