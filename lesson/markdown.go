package lesson

import (
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
)

// Mark is how a lesson begins, for those who find one where they want to write.
const Mark = "<!-- Written by socktrace lesson. -->\n"

// markdown returns the page in Markdown.
func (p *page) markdown() string {
	m := &markdown{}
	m.out.WriteString(Mark)
	m.block("# " + markdownText(p.title))
	m.parts(p.lead)
	if p.diagram != nil {
		m.block(fence("mermaid", p.diagram.mermaid()))
		if text := p.diagram.aboutFolds(); text != "" {
			m.block(markdownText(text))
		}
	}
	for i := range p.groups {
		g, level := &p.groups[i], "## "
		if g.title != "" {
			m.block(level + markdownText(g.title))
			m.parts(g.parts)
			level = "### "
		}
		for j := range g.chapters {
			c := &g.chapters[j]
			m.block(level + markdownText(c.title))
			m.parts(c.parts)
		}
	}
	return m.out.String()
}

// markdown collects blocks, with a blank line between two.
type markdown struct{ out strings.Builder }

func (m *markdown) block(text string) {
	if m.out.Len() > len(Mark) {
		m.out.WriteString("\n")
	}
	m.out.WriteString(strings.TrimRight(text, "\n") + "\n")
}

func (m *markdown) parts(all []part) {
	for i := range all {
		p := &all[i]
		if len(p.words) > 0 {
			m.block(markdownWords(p.words))
		}
		switch p.kind {
		case isList, isFailure:
			var items []string
			for _, w := range p.items {
				items = append(items, "- "+markdownWords(w))
			}
			m.block(strings.Join(items, "\n"))
		case isCode:
			m.block(fence(p.lang, p.code))
		}
	}
}

// markdownWords returns a sentence.
func markdownWords(w words) string {
	var out strings.Builder
	for _, piece := range w {
		if piece.code {
			out.WriteString(codeSpan(piece.text))
		} else {
			out.WriteString(markdownText(piece.text))
		}
	}
	return out.String()
}

// markdownText returns text in which nothing is marked up.
func markdownText(s string) string {
	var out strings.Builder
	for _, r := range escape.Line(s) {
		if strings.ContainsRune("\\`*_[]<>&~|$", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// codeSpan returns text as code in a sentence (CommonMark, section 6.1).
func codeSpan(s string) string {
	s = escape.Line(s)
	if s == "" {
		return `""`
	}
	ticks := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.TrimSpace(s) != s {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// fence returns text that stands as it is, between fences that are longer than any run of
// backticks in it (CommonMark, section 4.5).
func fence(lang, text string) string {
	text = escape.Lines(strings.TrimRight(text, "\n"))
	ticks := strings.Repeat("`", max(longestRun(text)+1, 3))
	return ticks + lang + "\n" + text + "\n" + ticks
}

// longestRun returns how many backticks are in a row at most.
func longestRun(s string) (most int) {
	n := 0
	for i := range len(s) {
		if s[i] != '`' {
			n = 0
			continue
		}
		n++
		most = max(most, n)
	}
	return most
}
