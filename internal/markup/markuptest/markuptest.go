// Package markuptest says of pages in Markdown and HTML whether anything that a text said
// became more than text. It is for the tests of those who write pages.
package markuptest

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Bad is text that wants to be more than that.
const Bad = "</style></svg></script><script>alert(1)</script><img src=x onerror=alert(2)>&lt;`````` \n```\n# h\n~~~\n*/ end; %%{init}%% #35; \u202e\x1b[31m ${x} [a](javascript:x) <!-- --> ]]>"

// elements are all that pages in HTML are made of, and their attributes.
var elements = map[string]string{
	"html": "lang", "head": "", "meta": "charset name content http-equiv", "title": "", "style": "", "body": "", "nav": "", "main": "", "section": "id class",
	"h1": "", "h2": "", "h3": "", "h4": "", "ul": "", "li": "class", "p": "class", "div": "class", "pre": "class", "header": "", "code": "", "b": "", "a": "href",
	"ins": "", "del": "", "table": "", "thead": "", "tbody": "", "tr": "", "th": "", "td": "",
}

// link is what links are to: a place on the page.
var link = regexp.MustCompile(`^#[a-z0-9-]+$`)

// HTML reports elements, attributes, links and comments of a page that are not of package
// markup, nor of what the caller adds, by the names of elements. It returns the page as it is
// read, and the rules of its style.
func HTML(t testing.TB, text string, own map[string]string) (tree *html.Node, style string) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	styles, comments := 0, 0
	for n := range tree.Descendants() {
		switch n.Type {
		case html.CommentNode:
			comments++
		case html.ElementNode:
			attributes, known := elements[n.Data]
			if more, ok := own[n.Data]; ok {
				attributes, known = more, true
			}
			if !known {
				t.Errorf("an element %q", n.Data)
			}
			for _, a := range n.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Key+" ") || a.Key == "href" && !link.MatchString(a.Val) {
					t.Errorf("%s has %s=%q", n.Data, a.Key, a.Val)
				}
			}
			if n.Data == "style" {
				styles++
				style = n.FirstChild.Data
			}
		}
	}
	if styles != 1 || comments != 1 {
		t.Errorf("%d styles, %d comments", styles, comments)
	}
	return tree, style
}

// Shown reports characters that drive terminals or turn text around.
func Shown(t testing.TB, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e
	}); i >= 0 {
		t.Errorf("byte %d is in it: %q", i, text[max(i-20, 0):i+5])
	}
}

// escapes are characters that mean nothing because of a backslash (CommonMark, section 2.4).
var escapes = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]`)

// Plain reports what is marked up in Markdown outside of code, as Outside returns it.
func Plain(t testing.TB, outside string) {
	t.Helper()
	left := escapes.ReplaceAllString(outside, "")
	if i := strings.IndexAny(left, "<>`*_[]~|$&\\"); i >= 0 {
		t.Errorf("%q means something in it: %.3000s", left[i], outside)
	}
}

// fences are lines that begin and end blocks of code.
var fences = regexp.MustCompile("^(`{3,})([a-z]*)$")

// Outside returns Markdown without blocks of code, and with Span for each span of it; it
// reports a block that does not end.
func Outside(t testing.TB, text string) string {
	t.Helper()
	var out strings.Builder
	open := ""
	for line := range strings.Lines(text) {
		m := fences.FindStringSubmatch(strings.TrimRight(line, "\n"))
		switch {
		case open == "" && m != nil:
			open = m[1]
		case open != "" && m != nil && m[2] == "" && len(m[1]) >= len(open):
			open = ""
		case open == "":
			out.WriteString(withoutSpans(line))
		}
	}
	if open != "" {
		t.Errorf("a block of code is not closed")
	}
	return out.String()
}

// Span stands for a span of code.
const Span = "(code)"

// withoutSpans returns a line without spans of code (CommonMark, section 6.1).
func withoutSpans(line string) string {
	var out strings.Builder
	for line != "" {
		n := 1
		switch {
		case line[0] == '\\' && len(line) > 1:
			n = 2
		case line[0] == '`':
			n = len(line) - len(strings.TrimLeft(line, "`"))
			if end := closing(line[n:], n); end >= 0 {
				line = Span + line[n+end:]
				n = len(Span)
			}
		}
		out.WriteString(line[:n])
		line = line[n:]
	}
	return out.String()
}

// closing returns where the first run of so many backticks ends; -1 if there is none.
func closing(s string, ticks int) int {
	for at := 0; at < len(s); at++ {
		n := len(s[at:]) - len(strings.TrimLeft(s[at:], "`"))
		if n == ticks {
			return at + n
		}
		at += n
	}
	return -1
}
