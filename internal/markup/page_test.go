package markup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/markup/markuptest"
)

// Example is a page of what a report consists of.
func Example() {
	w := NewMarkdown(Head{Mark: mark, Title: "What is <new>"})
	w.Paragraph(Code("ContainerCreate"), Plain(" is asked for by "), Bold(Plain("two")), Plain("."))
	w.Heading(2, "How the requests differ")
	w.Table([]Text{Plain("member"), Plain("before"), Plain("after")}, [][]Text{
		{Code("Tty"), Deleted(Code("false")), Inserted(Code("true"))},
		{Code("Cmd"), Deleted(Code("a|b"))},
	})
	w.Changes([]Line{{Kept, "{"}, {Removed, "  false\n}"}, {Added, "  true"}})
	w.List(Plain("Also:"), Plain("- a"), Plain("1. b"))
	fmt.Print(w)
	// Output:
	// <!-- Written by a test. -->
	// # What is \<new\>
	//
	// `ContainerCreate` is asked for by <b>two</b>.
	//
	// ## How the requests differ
	//
	// | member | before | after |
	// | --- | --- | --- |
	// | `Tty` | <del>`false`</del> | <ins>`true`</ins> |
	// | `Cmd` | <del><code>a&#124;b</code></del> |  |
	//
	// ```diff
	//  {
	// -  false
	// -}
	// +  true
	// ```
	//
	// Also:
	//
	// - \- a
	// - 1\. b
}

// bodyOf returns what a page in HTML has between its style and its end.
func bodyOf(t *testing.T, w *HTML) string {
	t.Helper()
	markuptest.HTML(t, w.String(), nil)
	_, body, ok := strings.Cut(w.String(), "</head>\n<body>\n")
	body, end := strings.CutSuffix(body, "</body>\n</html>\n")
	if !ok || !end {
		t.Errorf("not a whole page: %s", w)
	}
	return body
}

// TestFrame: at every moment a page is a whole one, and a section ends where the next one
// begins.
func TestFrame(t *testing.T) {
	w := NewHTML(Head{Mark: mark, Title: "T"})
	want := "<header>\n<h1>T</h1>\n"
	says := func(end string) {
		t.Helper()
		if got := bodyOf(t, w); got != want+end {
			t.Errorf("got\n%s\nwant\n%s", got, want+end)
		}
	}
	says("</header>\n")
	w.Paragraph()
	w.Table(nil, nil)
	w.Paragraph(Plain("lead"))
	want += "<p>lead</p>\n"
	says("</header>\n")
	w.Contents("Steps", []Section{{Anchor: "a", Title: "A", Story: true}, {Anchor: "b", Title: "B"}})
	want += "</header>\n<nav>\n<h2>Steps</h2>\n<ul>\n<li class=\"story\"><a href=\"#a\">A</a></li>\n<li><a href=\"#b\">B</a></li>\n</ul>\n</nav>\n<main>\n"
	says("</main>\n")
	w.Section(Section{Level: 2, Anchor: "a", Title: "A", Story: true})
	want += "<section id=\"a\" class=\"story\">\n<h2>A</h2>\n"
	says("</section>\n</main>\n")
	w.Section(Section{Level: 3, Anchor: "b", Title: "B"})
	w.Contents("Steps", []Section{{Anchor: "a", Title: "A"}})
	want += "</section>\n<section id=\"b\">\n<h3>B</h3>\n"
	says("</section>\n</main>\n")
	w.Heading(4, "E")
	want += "<h4>E</h4>\n"
	says("</section>\n</main>\n")
}

// TestStyle: a page has the rules of tables and changes if it has some, and its own.
func TestStyle(t *testing.T) {
	const own = ".own { color: red; }\n"
	for name, write := range map[string]func(Writer){
		"table":   func(w Writer) { w.Table([]Text{Plain("a")}, nil) },
		"changes": func(w Writer) { w.Changes([]Line{{Added, "a"}}) },
		"spans":   func(w Writer) { w.List(nil, Inserted(Plain("a"))) },
		"":        func(w Writer) { w.Code("text", "a") },
	} {
		w := NewHTML(Head{Mark: mark, Title: "T", Style: own})
		write(w)
		_, got := markuptest.HTML(t, w.String(), nil)
		want := "\n" + style + own + layout
		if name != "" {
			want = "\n" + style + changesStyle + own + layout
		}
		if got != want {
			t.Errorf("%s: the style is %s", name, got)
		}
	}
}

// TestCode: what is code is seen whole, also an empty line before it.
func TestCode(t *testing.T) {
	for _, test := range []struct{ lang, text, want string }{
		{"text", "\n\na\tb\n\n", "<pre>\n\n\na\tb</pre>\n"},
		{"sh", "curl <x>", "<pre class=\"wraps\">curl &lt;x&gt;</pre>\n"},
		{"http", "GET / HTTP/1.1\nHost: d\n", "<pre><b>GET / HTTP/1.1</b>\nHost: d</pre>\n"},
		{"http", "GET /", "<pre><b>GET /</b></pre>\n"},
	} {
		w := NewHTML(Head{Mark: mark})
		w.Code(test.lang, test.text)
		if got := bodyOf(t, w); !strings.Contains(got, test.want) {
			t.Errorf("%q: got %q", test.text, got)
		}
	}
	w := NewHTML(Head{Mark: mark})
	w.Changes([]Line{{Kept, "a"}, {Removed, "b\n+c"}, {Added, "<d>"}, {Added, ""}})
	if got, want := bodyOf(t, w), "<pre class=\"changes\"> a\n<del>-b</del>\n<del>-+c</del>\n<ins>+&lt;d&gt;</ins>\n<ins>+</ins></pre>\n"; !strings.Contains(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestText: text that is marked up or goes on leaves what it was made of as it is.
func TestText(t *testing.T) {
	base := make(Text, 1, 4)
	base[0] = Span{Text: "a"}
	one, two := base.And(Code("b")), base.And(Code("c"), Plain("d"))
	bold := Inserted(Bold(base))
	if base[0].Marks != 0 || bold[0].Marks != AsBold|AsInserted || one[1].Text != "b" || two[1].Text != "c" || len(two) != 3 {
		t.Errorf("%v, %v, %v, %v", base, one, two, bold)
	}
	if got, want := inHTML(bold.And(Deleted(Code("<"))))+inMarkdown(Code("`").And(Code("a"))), "<ins><b>a</b></ins><del><code>&lt;</code></del>"+"`` ` ``"+nothing+"`a`"; got != want {
		t.Errorf("got %s; want %s", got, want)
	}
}
