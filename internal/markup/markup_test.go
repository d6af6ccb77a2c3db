package markup

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/socktrace/socktrace/internal/escape"
	"github.com/socktrace/socktrace/internal/markup/markuptest"
)

const mark = "<!-- Written by a test. -->\n"

// everything writes all that there is, with a text wherever there is one.
func everything(w Writer, s string) {
	all := Plain(s).And(Code(s), Bold(Plain(s)), Inserted(Code(s)), Deleted(Bold(Plain(s))))
	sections := []Section{{Level: 2, Anchor: "a-1", Title: s, Story: true}, {Level: 3, Anchor: "a-2", Title: s}}
	w.Paragraph(all)
	w.Contents(s, sections)
	w.Picture(Picture{Mermaid: "pie", SVG: "<p></p>\n", Width: Wide})
	for _, section := range sections {
		w.Section(section)
		w.Heading(3, s)
		w.Paragraph(Plain(s), Code(s))
		w.Paragraph(Code(s), Plain(s))
		w.List(all, all, Plain(s), Code(s))
		w.Failure(nil, all)
		w.Table([]Text{Plain(s), Code(s)}, [][]Text{{all, Plain(s), Code(s)}, {Code(s)}, nil})
		w.Caption(all)
		w.Code("sh", s)
		for _, lang := range []string{"http", "json", "text"} {
			w.Code(lang, s)
		}
		w.Changes([]Line{{Kept, s}, {Removed, s}, {Added, s}})
	}
}

// pages returns a page with everything in both languages.
func pages(s string) (inMarkdown, inHTML string) {
	head := Head{Mark: mark, Title: s, Style: ".own { color: red; }\n"}
	m, h := NewMarkdown(head), NewHTML(head)
	everything(m, s)
	everything(h, s)
	return m.String(), h.String()
}

// skeleton returns the elements of a page, and where in them a text is. It leaves out what is
// in code.
func skeleton(tree *html.Node, s string) string {
	var out strings.Builder
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode || n.Parent.Data == "pre" || n.Data == "style" {
			continue
		}
		out.WriteString("<" + n.Data)
		for _, a := range n.Attr {
			out.WriteString(" " + a.Key + "=" + a.Val)
		}
		out.WriteString(">")
		for c := range n.ChildNodes() {
			switch {
			case c.Type != html.TextNode || n.Data == "pre":
			case c.Data == s:
				out.WriteString("(the text)")
			default:
				out.WriteString(strings.TrimSpace(c.Data))
			}
		}
	}
	return out.String()
}

// FuzzHTML: whatever a text says, the page is the same but for it, and it is there to the
// last character.
func FuzzHTML(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	const harmless = "harmless"
	_, text := pages(harmless)
	tree, style := markuptest.HTML(f, text, nil)
	want := skeleton(tree, harmless)
	f.Fuzz(func(t *testing.T, s string) {
		if strings.TrimSpace(escape.Line(s)) == "" {
			return // it is like what is between elements
		}
		_, text := pages(s)
		tree, got := markuptest.HTML(t, text, nil)
		if got != style {
			t.Errorf("%q: the style is %q", s, got)
		}
		if got := skeleton(tree, escape.Line(s)); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", s, got, want)
		}
		for n := range tree.Descendants() {
			if n.Data != "pre" {
				continue
			}
			want := escape.Lines(strings.TrimRight(s, "\n"))
			if n.Attr != nil && n.Attr[0].Val == "changes" {
				want = inLines(" ", s) + "\n" + inLines("-", s) + "\n" + inLines("+", s)
			}
			if got := contentOf(n); got != want {
				t.Errorf("%q: code is %q", s, got)
			}
		}
		markuptest.Shown(t, text)
	})
}

// inLines returns lines with a mark before each.
func inLines(mark, s string) string {
	return mark + strings.ReplaceAll(escape.Lines(s), "\n", "\n"+mark)
}

// contentOf returns the text that an element shows.
func contentOf(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}

// hostile are texts that want to be more than that, one way or another.
var hostile = []string{
	markuptest.Bad, "<script>alert(1)</script>", "a | b", `a \| b`, "`", "``a`", " x ", "a\n```\nb", "x\n+y\n-z", "\n\nx", "x\r\ny\r", "# h", "h #", "h ##", "# ", "h #  ", "- x", "+ x", "* x", "1. x", "12) x",
	"---", "===", "    code", "\tcode", "> x", "[a](javascript:x)", "[a]: x", "![a](x)", "&lt;", "$x$", "**b**", "~~s~~", "~~~", "\x1b[31m", "\u202ex", "\xff", "\\", `\\`, "```sh", "<details>", "|", "||", "-",
	"</pre>", "]]>", "<!--", "x&#124;", strings.Repeat("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301", 2), "@@ -1 +1 @@",
}

// ours is what Markdown has of HTML from us, with the backslashes before it:
// as many as there are of two.
var ours = regexp.MustCompile(`(^|[^\\])((?:\\\\)*)(?:</?(?:del|ins|b|code)>|&#124;|` + nothing + `)`)

// FuzzMarkdown: whatever a text says, nothing of it is marked up outside of code, and there
// are as many blocks as there are without it.
func FuzzMarkdown(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, _ := pages(s)
		markuptest.Shown(t, text)
		outside := markuptest.Outside(t, strings.TrimPrefix(text, mark))
		headings, rows := 0, 0
		for line := range strings.Lines(outside) {
			line = strings.TrimPrefix(line, "- ")
			switch {
			case strings.HasPrefix(line, "#"):
				headings++
				line = strings.TrimLeft(line, "#")
			case strings.HasPrefix(line, "| "):
				rows++
				if n := len(bars.FindAllString(line, -1)); n != 4 {
					t.Errorf("%d bars: %s", n, line)
				}
				line = bars.ReplaceAllString(line, "")
			case strings.HasPrefix(line, "&#32;"):
				line = line[len("&#32;"):]
			case block.MatchString(line):
				t.Errorf("%q: a line begins as %q", s, line)
			}
			for ours.MatchString(line) {
				line = ours.ReplaceAllString(line, "$1$2")
			}
			markuptest.Plain(t, line)
		}
		if headings != 5 || rows != 10 {
			t.Errorf("%q: %d headings, %d rows of tables:\n%s", s, headings, rows, text)
		}
	})
}

// bars are those between cells.
var bars = regexp.MustCompile(`(^| )\|`)

// block is what begins something else than a paragraph (CommonMark, sections 4 and 5).
var block = regexp.MustCompile("^(?:[ \t]|#{1,6}(?:[ \t]|$)|[-+*](?:[ \t]|$)|\\d{1,9}[.)](?:[ \t]|$)|>|```|~~~|(?:-[ \t]*){3,}$)")

// FuzzSpans: a text in a sentence, a heading, a cell and a block can be read back.
func FuzzSpans(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		shown := escape.Line(s)
		for name, got := range map[string]string{"a sentence": inMarkdown(Plain(s)), "a heading": inHeading(s), "a cell": inCell(Plain(s))} {
			if got := unescaped.ReplaceAllString(strings.Replace(got, "&#32;", " ", 1), "$1"); got != shown && !strings.HasPrefix(shown, "&#32;") {
				t.Errorf("%s says %q; want %q", name, got, shown)
			}
		}
		if ended.MatchString(inHeading(s)) {
			t.Errorf("a heading ends in %q", inHeading(s))
		}
		cell := inCell(Code(s))
		if text, ok := strings.CutPrefix(cell, "<code>"); ok {
			text = strings.ReplaceAll(strings.TrimSuffix(text, "</code>"), "&#124;", `\|`)
			cell = codeSpan(unescaped.ReplaceAllString(text, "$1"))
		} else if strings.Contains(cell, "|") {
			t.Errorf("a cell says %q", cell)
		}
		if cell != codeSpan(s) || strings.ContainsAny(cell, "\n\r") || shown != "" && markuptest.Outside(t, "x "+cell+" y\n") != "x "+markuptest.Span+" y\n" {
			t.Errorf("%q became %q", s, cell)
		}
		if out := markuptest.Outside(t, fence("text", s)+"\n"); out != "" {
			t.Errorf("%q: %q is outside", s, out)
		}
	})
}

// ended finds what is at the end of a heading, but no text of it (CommonMark, section 4.2).
var ended = regexp.MustCompile(`(^|[ \t])#+[ \t]*$`)

// unescaped finds characters that mean nothing because of a backslash (CommonMark, section
// 2.4).
var unescaped = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
