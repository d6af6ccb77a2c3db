package lesson

import (
	_ "embed"
	"time"

	"github.com/socktrace/socktrace/internal/markup"
)

// Mark is how a lesson begins, for those who find one where they want to write.
const Mark = "<!-- Written by socktrace lesson. -->\n"

// style is that of the diagram.
//
//go:embed style.css
var style string

// written returns the page in HTML, or else in Markdown.
func (p *page) written(html bool) string {
	head := markup.Head{Mark: Mark, Title: p.title, Style: style}
	var w markup.Writer
	if html {
		w = markup.NewHTML(head)
	} else {
		w = markup.NewMarkdown(head)
	}
	p.write(w)
	return w.String()
}

// write writes what the page consists of.
func (p *page) write(w markup.Writer) {
	writeParts(w, p.lead)
	w.Contents("Steps", p.sections())
	if p.diagram != nil {
		w.Picture(p.diagram.picture(p.began))
		if text := p.diagram.aboutFolds(); text != "" {
			w.Paragraph(markup.Plain(text))
		}
	}
	for i := range p.groups {
		g := &p.groups[i]
		if g.title != "" {
			w.Section(g.heading())
			writeParts(w, g.parts)
		}
		for j := range g.chapters {
			w.Section(g.chapters[j].heading(g))
			writeParts(w, g.chapters[j].parts)
		}
	}
}

// sections returns all, each chapter behind its group.
func (p *page) sections() (all []markup.Section) {
	for i := range p.groups {
		g := &p.groups[i]
		if g.title != "" {
			all = append(all, g.heading())
		}
		for j := range g.chapters {
			all = append(all, g.chapters[j].heading(g))
		}
	}
	return all
}

// heading returns the section that tells of a group, or of a step in its group.
func (g *section) heading() markup.Section {
	return markup.Section{Level: 2, Anchor: g.anchor, Title: g.title, Story: true}
}

func (c *chapter) heading(g *section) markup.Section {
	level := 2
	if g.title != "" {
		level = 3
	}
	return markup.Section{Level: level, Anchor: c.anchor, Title: c.title}
}

func writeParts(w markup.Writer, all []part) {
	for i := range all {
		p := &all[i]
		switch p.kind {
		case isText:
			w.Paragraph(p.words)
		case isList:
			w.List(p.words, p.items...)
		case isFailure:
			w.Failure(p.words, p.items...)
		case isCode:
			w.Caption(p.words)
			w.Code(p.lang, p.code)
		}
	}
}

// picture returns the diagram as it is drawn.
func (d *diagram) picture(began time.Time) markup.Picture {
	return markup.Picture{Mermaid: d.mermaid(), SVG: d.svg(began), Width: d.size()}
}
