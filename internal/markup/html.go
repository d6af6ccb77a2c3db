package markup

import (
	_ "embed"
	"fmt"
	"html"
	"slices"
	"strings"
)

// The rules of all pages: those of what is on them, and of where that is, which go over
// others. Those of tables and changes are in pages that have some.
var (
	//go:embed style.css
	style string
	//go:embed changes.css
	changesStyle string
	//go:embed layout.css
	layout string
)

// HTML writes a page in HTML: one file, with nothing that runs, and nothing from elsewhere.
type HTML struct {
	head    Head
	body    strings.Builder
	changes bool // it has something that changesStyle is for
	inLead  bool
	open    bool // a section goes on
}

// NewHTML returns a page with nothing but its head.
func NewHTML(h Head) *HTML {
	w := &HTML{head: h, inLead: true}
	fmt.Fprintf(&w.body, "<header>\n<h1>%s</h1>\n", EscapeHTML(h.Title))
	return w
}

// String returns the page.
func (h *HTML) String() string {
	own := h.head.Style
	if h.changes {
		own = changesStyle + own
	}
	return "<!DOCTYPE html>\n" + h.head.Mark + `<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>` + EscapeHTML(h.head.Title) + "</title>\n<style>\n" + style + own + layout + "</style>\n</head>\n<body>\n" +
		h.body.String() + h.end() + "</body>\n</html>\n"
}

// end returns the ends of what is open.
func (h *HTML) end() string {
	switch {
	case h.inLead:
		return "</header>\n"
	case h.open:
		return "</section>\n</main>\n"
	}
	return "</main>\n"
}

// Contents lists sections, if there are some. Behind the lead it writes nothing.
func (h *HTML) Contents(title string, all []Section) {
	var nav strings.Builder
	if len(all) > 0 {
		fmt.Fprintf(&nav, "<nav>\n<h2>%s</h2>\n<ul>\n", EscapeHTML(title))
		for _, s := range all {
			fmt.Fprintf(&nav, "<li%s><a href=\"#%s\">%s</a></li>\n", s.class(), EscapeHTML(s.Anchor), EscapeHTML(s.Title))
		}
		nav.WriteString("</ul>\n</nav>\n")
	}
	h.endLead(nav.String())
}

// class returns the attribute by which stories look like that.
func (s *Section) class() string {
	if s.Story {
		return ` class="story"`
	}
	return ""
}

// endLead begins what comes behind the lead, with something between them.
func (h *HTML) endLead(between string) {
	if h.inLead {
		h.body.WriteString("</header>\n" + between + "<main>\n")
		h.inLead = false
	}
}

// Section begins one.
func (h *HTML) Section(s Section) {
	h.endLead("")
	if h.open {
		h.body.WriteString("</section>\n")
	}
	fmt.Fprintf(&h.body, "<section id=\"%s\"%s>\n", EscapeHTML(s.Anchor), s.class())
	h.open = true
	h.Heading(s.Level, s.Title)
}

// Heading writes one.
func (h *HTML) Heading(level int, text string) {
	h.endLead("")
	fmt.Fprintf(&h.body, "<h%d>%s</h%d>\n", level, EscapeHTML(text), level)
}

// text returns a sentence.
func (h *HTML) text(t Text) string {
	for _, s := range t {
		h.changes = h.changes || s.Marks&(AsInserted|AsDeleted) != 0
	}
	return inHTML(t)
}

// Paragraph writes one.
func (h *HTML) Paragraph(t ...Text) {
	if all := slices.Concat(t...); len(all) > 0 {
		h.body.WriteString("<p>" + h.text(all) + "</p>\n")
	}
}

// Caption writes a paragraph that is near to what is below it.
func (h *HTML) Caption(t Text) {
	if len(t) > 0 {
		h.body.WriteString(`<p class="before">` + h.text(t) + "</p>\n")
	}
}

// List writes one.
func (h *HTML) List(said Text, items ...Text) { h.list("<div>", said, items) }

// Failure writes a list with a bar beside it.
func (h *HTML) Failure(said Text, items ...Text) { h.list(`<div class="failure">`, said, items) }

// list writes one in an element.
func (h *HTML) list(div string, said Text, items []Text) {
	h.body.WriteString(div + "\n")
	h.Paragraph(said)
	h.body.WriteString("<ul>\n")
	for _, item := range items {
		h.body.WriteString("<li>" + h.text(item) + "</li>\n")
	}
	h.body.WriteString("</ul>\n</div>\n")
}

// Table writes one, which scrolls sideways if it is wider than the page.
func (h *HTML) Table(head []Text, rows [][]Text) {
	n := columns(head, rows)
	if n == 0 {
		return
	}
	h.changes = true
	h.body.WriteString("<div class=\"table\">\n<table>\n<thead>\n")
	h.row("th", widened(head, n))
	h.body.WriteString("</thead>\n<tbody>\n")
	for _, cells := range rows {
		h.row("td", widened(cells, n))
	}
	h.body.WriteString("</tbody>\n</table>\n</div>\n")
}

// row writes one of a table, of cells that are such elements.
func (h *HTML) row(element string, cells []Text) {
	h.body.WriteString("<tr>")
	for _, cell := range cells {
		fmt.Fprintf(&h.body, "<%s>%s</%s>", element, h.text(cell), element)
	}
	h.body.WriteString("</tr>\n")
}

// Code writes a block of it: lines to copy, which are of a shell, are broken where they are
// wider than the page, so that they are seen whole; of a head of HTTP the first line stands
// out.
func (h *HTML) Code(lang, text string) {
	text = linesInHTML(text)
	switch lang {
	case "sh":
		h.pre(` class="wraps"`, text)
	case "http":
		first, rest, more := strings.Cut(text, "\n")
		text = "<b>" + first + "</b>"
		if more {
			text += "\n" + rest
		}
		h.pre("", text)
	default:
		h.pre("", text)
	}
}

// pre writes lines. A line feed at the beginning of an element is not shown (HTML, section
// 13.1.2.5), but one behind it is.
func (h *HTML) pre(class, text string) {
	if strings.HasPrefix(text, "\n") {
		text = "\n" + text
	}
	h.body.WriteString("<pre" + class + ">" + text + "</pre>\n")
}

// Changes writes a block of code, with colours.
func (h *HTML) Changes(lines []Line) {
	h.changes = true
	var out []string
	for _, line := range changed(lines) {
		text := html.EscapeString(line.Text)
		switch line.Change {
		case Removed:
			text = "<del>" + text + "</del>"
		case Added:
			text = "<ins>" + text + "</ins>"
		}
		out = append(out, text)
	}
	h.pre(` class="changes"`, strings.Join(out, "\n"))
}

// widths are the classes by which a page says that a picture is wider than it, where that is
// so.
var widths = [...]string{Narrow: "", Middling: " middling", Wide: " wide"}

// Picture writes one that scrolls sideways.
func (h *HTML) Picture(p Picture) {
	h.endLead("")
	h.body.WriteString(`<p class="hint` + widths[p.Width] + `">The diagram is wider than this page: it scrolls sideways.</p>` + "\n")
	h.body.WriteString(`<div class="diagram">` + "\n" + p.SVG + "</div>\n")
}
