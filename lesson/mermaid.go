package lesson

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/socktrace/socktrace/internal/escape"
	"github.com/socktrace/socktrace/internal/plural"
)

// mermaid returns the diagram in the language of Mermaid.
func (d *diagram) mermaid() string {
	var out strings.Builder
	out.WriteString("sequenceDiagram\n")
	for i, lane := range d.lanes {
		fmt.Fprintf(&out, "    participant L%d as %s\n", i, mermaidText(lane))
	}
	for _, a := range d.arrows {
		switch {
		case a.wrong:
			fmt.Fprintf(&out, "    L%d--xL%d: %s\n", a.from, a.to, mermaidText(a.text()))
		case a.kind == asks:
			fmt.Fprintf(&out, "    L%d->>L%d: %s\n", a.from, a.to, mermaidText(a.text()))
		case a.kind == answers:
			fmt.Fprintf(&out, "    L%d-->>L%d: %s\n", a.from, a.to, mermaidText(a.text()))
		case a.kind == note:
			fmt.Fprintf(&out, "    Note over L%d,L%d: %s\n", a.from, a.to, mermaidText(a.text()))
		}
	}
	if d.left > 0 {
		fmt.Fprintf(&out, "    Note over L0,L%d: %s\n", len(d.lanes)-1, mermaidText(d.more()))
	}
	return out.String()
}

// more says how much is not shown.
func (d *diagram) more() string {
	return plural.Of(int64(d.left), "more message") + plural.Verb(int64(d.left), " is", " are") + " not shown"
}

// text returns the label of an arrow, with how often it comes.
func (a *arrow) text() string {
	if a.times > 1 {
		return a.label + " (" + strconv.Itoa(a.times) + " times)"
	}
	return a.label
}

// aboutFolds says that messages stand for more than one; empty if none does.
func (d *diagram) aboutFolds() string {
	if d.folded == 0 {
		return ""
	}
	return "Messages that come several times in a row are shown once, with how often: " +
		plural.Of(int64(d.folded), "more message") + plural.Verb(int64(d.folded), " is", " are") + " folded so."
}

// keyword is what Mermaid takes for the end of a block wherever it stands.
var keyword = regexp.MustCompile(`(?i)\bend\b`)

// mermaidText returns text as it stands behind a colon: what may mean something to
// Mermaid, to Markdown or to a browser is written by its number.
func mermaidText(s string) string {
	s = escape.Line(strings.TrimSpace(s))
	if s == "" {
		return "#32;"
	}
	ends := make(map[int]bool)
	for _, at := range keyword.FindAllStringIndex(s, -1) {
		ends[at[0]] = true
	}
	var out strings.Builder
	for i, r := range s {
		if harmless(r) && !ends[i] {
			out.WriteRune(r)
			continue
		}
		fmt.Fprintf(&out, "#%d;", r)
	}
	return out.String()
}

// harmless reports whether a character means nothing but itself.
func harmless(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" ./", r)) || r >= 0x80 && unicode.IsLetter(r)
}
