package markup

import (
	"slices"
	"strings"
)

// Markdown writes a page in Markdown, as GitHub reads it: blocks, with a blank line between
// two.
type Markdown struct{ out strings.Builder }

// NewMarkdown returns a page with nothing but its head.
func NewMarkdown(h Head) *Markdown {
	m := &Markdown{}
	m.out.WriteString(h.Mark + "# " + inHeading(h.Title) + "\n")
	return m
}

// String returns the page.
func (m *Markdown) String() string { return m.out.String() }

func (m *Markdown) block(text string) { m.out.WriteString("\n" + strings.TrimRight(text, "\n") + "\n") }

// Contents writes nothing.
func (m *Markdown) Contents(string, []Section) {}

// Section writes the heading of one.
func (m *Markdown) Section(s Section) { m.Heading(s.Level, s.Title) }

// Heading writes one.
func (m *Markdown) Heading(level int, text string) {
	m.block(strings.Repeat("#", level) + " " + inHeading(text))
}

// Paragraph writes one.
func (m *Markdown) Paragraph(t ...Text) {
	if all := slices.Concat(t...); len(all) > 0 {
		m.block(inMarkdown(all))
	}
}

// Caption writes a paragraph.
func (m *Markdown) Caption(t Text) { m.Paragraph(t) }

// List writes one.
func (m *Markdown) List(said Text, items ...Text) {
	m.Paragraph(said)
	var lines []string
	for _, item := range items {
		lines = append(lines, "- "+inMarkdown(item))
	}
	m.block(strings.Join(lines, "\n"))
}

// Failure writes a list.
func (m *Markdown) Failure(said Text, items ...Text) { m.List(said, items...) }

// Table writes one (GitHub Flavored Markdown, section 4.10).
func (m *Markdown) Table(head []Text, rows [][]Text) {
	n := columns(head, rows)
	if n == 0 {
		return
	}
	lines := []string{row(head, n), strings.Repeat("| --- ", n) + "|"}
	for _, cells := range rows {
		lines = append(lines, row(cells, n))
	}
	m.block(strings.Join(lines, "\n"))
}

// row returns one of a table of so many columns.
func row(cells []Text, columns int) string {
	var out strings.Builder
	for _, cell := range widened(cells, columns) {
		out.WriteString("| " + inCell(cell) + " ")
	}
	return out.String() + "|"
}

// Code writes a block of it.
func (m *Markdown) Code(lang, text string) { m.block(fence(lang, text)) }

// Changes writes a block of code.
func (m *Markdown) Changes(lines []Line) {
	var out strings.Builder
	for _, line := range changed(lines) {
		out.WriteString(line.Text + "\n")
	}
	m.Code("diff", out.String())
}

// Picture writes a block of Mermaid's.
func (m *Markdown) Picture(p Picture) { m.Code("mermaid", p.Mermaid) }
