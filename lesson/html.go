package lesson

import (
	_ "embed"
	"fmt"
	"html"
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
)

//go:embed style.css
var style string

// hypertext writes a page in HTML: one file, with nothing that runs, and nothing from
// elsewhere.
type hypertext struct{ out strings.Builder }

// html returns the page in HTML.
func (p *page) html() string {
	h := &hypertext{}
	h.out.WriteString("<!DOCTYPE html>\n" + Mark + `<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>` + htmlText(p.title) + "</title>\n<style>\n" + style + "</style>\n</head>\n<body>\n")
	fmt.Fprintf(&h.out, "<header>\n<h1>%s</h1>\n", htmlText(p.title))
	h.parts(p.lead)
	h.out.WriteString("</header>\n")
	h.contents(p)
	h.out.WriteString("<main>\n")
	if p.diagram != nil {
		h.out.WriteString(`<p class="hint` + hints[p.diagram.size()] + `">The diagram is wider than this page: it scrolls sideways.</p>` + "\n")
		h.out.WriteString(`<div class="diagram">` + "\n" + p.diagram.svg(p.began) + "</div>\n")
		if text := p.diagram.aboutFolds(); text != "" {
			h.paragraph(plain(text))
		}
	}
	for i := range p.groups {
		h.group(&p.groups[i])
	}
	h.out.WriteString("</main>\n</body>\n</html>\n")
	return h.out.String()
}

// group writes the steps of a group.
func (h *hypertext) group(g *section) {
	level := "h2"
	if g.title != "" {
		fmt.Fprintf(&h.out, "<section id=\"%s\" class=\"story\">\n<h2>%s</h2>\n", g.anchor, htmlText(g.title))
		h.parts(g.parts)
		h.out.WriteString("</section>\n")
		level = "h3"
	}
	for i := range g.chapters {
		c := &g.chapters[i]
		fmt.Fprintf(&h.out, "<section id=\"%s\">\n<%s>%s</%s>\n", c.anchor, level, htmlText(c.title), level)
		h.parts(c.parts)
		h.out.WriteString("</section>\n")
	}
}

// hints are the classes by which a page says that a diagram is wider than it, where that is so.
var hints = [...]string{narrow: "", middling: " middling", wide: " wide"}

// contents lists the chapters, each under its group.
func (h *hypertext) contents(p *page) {
	if len(p.groups) == 0 {
		return
	}
	h.out.WriteString("<nav>\n<h2>Steps</h2>\n<ul>\n")
	for i := range p.groups {
		g := &p.groups[i]
		if g.title != "" {
			fmt.Fprintf(&h.out, "<li class=\"story\"><a href=\"#%s\">%s</a></li>\n", g.anchor, htmlText(g.title))
		}
		for j := range g.chapters {
			c := &g.chapters[j]
			fmt.Fprintf(&h.out, "<li><a href=\"#%s\">%s</a></li>\n", c.anchor, htmlText(c.title))
		}
	}
	h.out.WriteString("</ul>\n</nav>\n")
}

func (h *hypertext) parts(all []part) {
	for i := range all {
		p := &all[i]
		switch p.kind {
		case isText:
			h.paragraph(p.words)
		case isList, isFailure:
			class := ""
			if p.kind == isFailure {
				class = ` class="failure"`
			}
			fmt.Fprintf(&h.out, "<div%s>\n", class)
			if len(p.words) > 0 {
				h.paragraph(p.words)
			}
			h.out.WriteString("<ul>\n")
			for _, w := range p.items {
				h.out.WriteString("<li>" + htmlWords(w) + "</li>\n")
			}
			h.out.WriteString("</ul>\n</div>\n")
		case isCode:
			if len(p.words) > 0 {
				h.out.WriteString(`<p class="before">` + htmlWords(p.words) + "</p>\n")
			}
			h.code(p)
		}
	}
}

func (h *hypertext) paragraph(w words) { h.out.WriteString("<p>" + htmlWords(w) + "</p>\n") }

// code writes text as it is; the first line of a head stands out.
func (h *hypertext) code(p *part) {
	text := html.EscapeString(escape.Lines(strings.TrimRight(p.code, "\n")))
	if p.lang == "http" {
		first, rest, more := strings.Cut(text, "\n")
		text = "<b>" + first + "</b>"
		if more {
			text += "\n" + rest
		}
	}
	class := ""
	if p.lang == "sh" { // lines to copy stay whole, and are seen whole
		class = ` class="wraps"`
	}
	h.out.WriteString("<pre" + class + ">" + text + "</pre>\n")
}

// htmlWords returns a sentence.
func htmlWords(w words) string {
	var out strings.Builder
	for _, piece := range w {
		if piece.code {
			out.WriteString("<code>" + htmlText(piece.text) + "</code>")
		} else {
			out.WriteString(htmlText(piece.text))
		}
	}
	return out.String()
}
