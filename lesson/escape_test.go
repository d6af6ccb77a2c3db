package lesson

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// bad is text that wants to be more than that, for a transcript.
const bad = "</style></svg></script><script>alert(1)</script><img src=x onerror=alert(2)>&lt;`````` \\n```\\n# h\\n~~~\\n*/ end; %%{init}%% #35; \\xe2\\x80\\xae\\x1b[31m ${x} [a](javascript:x) <!-- --> ]]>"

// hostile is a session in which everything says that.
func hostile() string {
	header := strings.NewReplacer("\\n", " ", "\\x1b", "", "`", "`").Replace(bad)
	target := strings.NewReplacer(" ", "%20", "\\n", "").Replace(bad)
	doc := `{\"message\":\"` + strings.NewReplacer("\\n", "\\\\n", "\\x1b", "\\\\u001b").Replace(bad) + `\"}`
	answer := func(status, kind, body string) string {
		return "< +1ms \"HTTP/1.1 " + status + " " + header + "\\r\\nContent-Type: " + kind + "\\r\\nServer: " + header + "\\r\\nApi-Version: " + header + "\\r\\nX-A: " + header + "\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\"\n" +
			"< +1ms \"" + fmt.Sprintf("%x", size(body)) + "\\r\\n" + body + "\\r\\n0\\r\\n\\r\\n\"\n"
	}
	ask := func(method, target string) string {
		return "> +1ms \"" + method + " " + target + " HTTP/1.1\\r\\nHost: d\\r\\nUser-Agent: " + header + "\\r\\nX-B: " + header + "\\r\\n\\r\\n\"\n"
	}
	return "conn +1ms\n" +
		ask("GET", "/"+target) + answer("200", "text/plain", bad) +
		ask("GET", "/v1.41/containers/"+strings.ReplaceAll(target, "/", "%2f")+"/json") + answer("404", "application/json", doc) +
		ask("GET", "/v1.41/events") + answer("200", "application/json", doc+doc) +
		ask("P`RGE", "/v1.41/info") + answer("500", "application/json", doc) +
		"> +1ms \"POST /v1.41/containers/c/attach?stream=1&stdout=1 HTTP/1.1\\r\\nHost: d\\r\\nUpgrade: tcp\\r\\nConnection: Upgrade\\r\\n\\r\\n\"\n" +
		"< +1ms \"HTTP/1.1 101 UPGRADED\\r\\nContent-Type: application/vnd.docker.multiplexed-stream\\r\\nConnection: Upgrade\\r\\nUpgrade: tcp\\r\\n\\r\\n\"\n" +
		"< +1ms \"\\x01\\x00\\x00\\x00\\x00\\x00\\x00" + fmt.Sprintf("\\x%02x", size(bad)) + bad + "\"\n"
}

// size returns how many bytes a string of a transcript stands for.
func size(quoted string) int {
	return len(regexp.MustCompile(`\\(x[0-9a-f]{2}|.)`).ReplaceAllString(quoted, "."))
}

// elements are all that a lesson in HTML is made of, and their attributes.
var elements = map[string]string{
	"html": "lang", "head": "", "meta": "charset name content http-equiv", "title": "", "style": "", "body": "", "nav": "", "main": "", "section": "id class",
	"h1": "", "h2": "", "h3": "", "ul": "", "li": "class", "p": "class", "div": "class", "pre": "class", "header": "", "code": "", "b": "", "a": "href",
	"svg": "width height viewBox role aria-label", "line": "class x1 y1 x2 y2", "rect": "class x y width height rx", "text": "class x y", "path": "class d",
}

// TestHostileHTML: nothing that was said becomes an element, an attribute or a style.
func TestHostileHTML(t *testing.T) {
	text, s := taught(t, sessionOf(t, hostile()), Options{HTML: true, Title: bad})
	if len(s.steps) != 5 {
		t.Fatalf("%d steps", len(s.steps))
	}
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
			if !known {
				t.Errorf("an element %q", n.Data)
			}
			for _, a := range n.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Key+" ") || a.Key == "href" && !regexp.MustCompile(`^#(step|story)-\d+$`).MatchString(a.Val) {
					t.Errorf("%s has %s=%q", n.Data, a.Key, a.Val)
				}
			}
			if n.Data == "style" {
				styles++
				if n.FirstChild.Data != "\n"+style {
					t.Errorf("the style is not ours")
				}
			}
		}
	}
	if styles != 1 || comments != 1 {
		t.Errorf("%d styles, %d comments", styles, comments)
	}
	shownSafely(t, text)
}

// shownSafely reports bytes that drive terminals or turn text around.
func shownSafely(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e
	}); i >= 0 {
		t.Errorf("byte %d is in it: %q", i, text[max(i-20, 0):i+5])
	}
	if !strings.Contains(text, `\u202e`) {
		t.Error("what turns text around is not there")
	}
}

// TestHostileMarkdown: nothing that was said ends a block of code, or is marked up.
func TestHostileMarkdown(t *testing.T) {
	text, _ := taught(t, sessionOf(t, hostile()), Options{Title: bad})
	golden(t, "hostile.md", text)
	outside := outsideOfCode(t, text)
	outside = strings.TrimPrefix(outside, Mark)
	if m := regexp.MustCompile("(^|[^\\\\])([<>`*_~$]|\\]\\()").FindString(outside); m != "" {
		t.Errorf("%q is in it: %.3000s", m, outside)
	}
	if n := len(regexp.MustCompile(`(?m)^### \d`).FindAllString(outside, -1)); n != 5 || strings.Count(outside, "\n## ") != 2 || strings.Count(outside, "\n#") != n+2 || !strings.HasPrefix(outside, "# ") {
		t.Errorf("%d steps, %d headings", n, strings.Count(outside, "\n#"))
	}
	shownSafely(t, text)
}

// outsideOfCode returns Markdown without blocks and spans of code.
func outsideOfCode(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	open := ""
	fences := regexp.MustCompile("^(`{3,})([a-z]*)$")
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

// withoutSpans returns a line without spans of code.
func withoutSpans(line string) string {
	for {
		at := regexp.MustCompile("(^|[^\\\\`])(`+)").FindStringSubmatchIndex(line)
		if at == nil {
			return line
		}
		ticks := line[at[4]:at[5]]
		rest := line[at[5]:]
		end := regexp.MustCompile("(^|[^`])" + ticks + "($|[^`])").FindStringIndex(rest)
		if end == nil {
			return line
		}
		line = line[:at[4]] + strings.TrimLeft(rest[end[0]:], "`")[min(1, len(rest)):]
		line = strings.Replace(line, ticks, "", 1)
	}
}

// FuzzMermaid keeps labels from being anything else.
func FuzzMermaid(f *testing.F) {
	for _, s := range []string{"", "end", "a: b; c#35;", "%%{init}%%", "x\ny", "<b>", bad, "END.", "\xff", "ende end-to-end"} {
		f.Add(s)
	}
	ok := regexp.MustCompile(`^([A-Za-z0-9 ./]|\pL|#\d+;)+$`)
	f.Fuzz(func(t *testing.T, s string) {
		got := mermaidText(s)
		if !ok.MatchString(got) || keyword.MatchString(got) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

// FuzzMarkdown keeps code in its spans and blocks.
func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"", "`", "``a`", " x ", "a\n```\nb", bad} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		span := codeSpan(s)
		if strings.ContainsAny(span, "\n\r") {
			t.Errorf("%q became %q", s, span)
		}
		block := fence("text", s)
		if out := outsideOfCode(t, block+"\n"); out != "" {
			t.Errorf("%q: %q is outside", s, out)
		}
	})
}
