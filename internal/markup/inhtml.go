package markup

import (
	"html"
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
)

// EscapeHTML returns text in one line as it stands in HTML and SVG, also in attributes.
func EscapeHTML(s string) string { return html.EscapeString(escape.Line(s)) }

// inHTML returns a sentence.
func inHTML(t Text) string {
	var out strings.Builder
	for _, s := range t {
		text := EscapeHTML(s.Text)
		if s.Marks&AsCode != 0 {
			text = "<code>" + text + "</code>"
		}
		out.WriteString(s.Marks.tagged(text))
	}
	return out.String()
}

// linesInHTML returns text in lines as it stands in HTML.
func linesInHTML(s string) string {
	return html.EscapeString(escape.Lines(strings.TrimRight(s, "\n")))
}
