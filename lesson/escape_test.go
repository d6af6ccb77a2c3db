package lesson

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/markup/markuptest"
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

// elements are the elements of a diagram, and their attributes.
var elements = map[string]string{
	"svg": "width height viewBox role aria-label", "line": "class x1 y1 x2 y2", "rect": "class x y width height rx", "text": "class x y", "path": "class d",
}

// TestHostileHTML: nothing that was said becomes an element, an attribute or a style.
func TestHostileHTML(t *testing.T) {
	text, s := taught(t, sessionOf(t, hostile()), Options{HTML: true, Title: bad})
	if len(s.steps) != 5 {
		t.Fatalf("%d steps", len(s.steps))
	}
	_, got := markuptest.HTML(t, text, elements)
	harmless, _ := taught(t, sessionOf(t, "conn +1ms\n"+ping), Options{HTML: true})
	if _, want := markuptest.HTML(t, harmless, elements); got != want || !strings.Contains(want, style) {
		t.Errorf("the style is not ours")
	}
	shownSafely(t, text)
}

// shownSafely reports what drives terminals or turns text around, also if none is written out.
func shownSafely(t *testing.T, text string) {
	t.Helper()
	markuptest.Shown(t, text)
	if !strings.Contains(text, `\u202e`) {
		t.Error("what turns text around is not there")
	}
}

// TestHostileMarkdown: nothing that was said ends a block of code, or is marked up.
func TestHostileMarkdown(t *testing.T) {
	text, _ := taught(t, sessionOf(t, hostile()), Options{Title: bad})
	golden(t, "hostile.md", text)
	outside := markuptest.Outside(t, strings.TrimPrefix(text, Mark))
	markuptest.Plain(t, outside)
	if n := len(regexp.MustCompile(`(?m)^### \d`).FindAllString(outside, -1)); n != 5 || strings.Count(outside, "\n## ") != 2 || strings.Count(outside, "\n#") != n+2 || !strings.HasPrefix(outside, "# ") {
		t.Errorf("%d steps, %d headings", n, strings.Count(outside, "\n#"))
	}
	shownSafely(t, text)
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
