package lesson

import (
	"strings"
	"testing"
)

// TestWrong: what fails looks so, and nothing else does.
func TestWrong(t *testing.T) {
	const gone = "> +1ms \"GET /v1.41/containers/nope/json HTTP/1.1\\r\\nHost: d\\r\\n\\r\\n\"\n< +1ms \"HTTP/1.1 404 Not Found\\r\\nContent-Type: application/json\\r\\nContent-Length: 20\\r\\n\\r\\n{\\\"message\\\":\\\"No such\\\"}\"\n"
	session := "conn +1ms\n" + ping + strings.Replace(gone, "20", "21", 1)
	text, _ := taught(t, sessionOf(t, session), Options{HTML: true})
	for class, want := range map[string]int{"asks": 2, "answers": 1, "wrong": 1} {
		if n := strings.Count(text, `<line class="`+class+`"`); n != want {
			t.Errorf("%d lines are %s, want %d", n, class, want)
		}
	}
	text, _ = taught(t, sessionOf(t, session), Options{})
	if strings.Count(text, "L1--xL0: 404") != 1 || strings.Count(text, "L1-->>L0: 200") != 1 {
		t.Errorf("%.900s", text)
	}
}

// TestBrief says in a few words what a document of a stream says.
func TestBrief(t *testing.T) {
	for doc, want := range map[string]string{
		`{"stream":"\n"}`: "", `{"stream":"Step 1/2\n"}`: "Step 1/2", `{"StatusCode":1}`: "exit status 1",
		`{"error":"no space","errorDetail":{}}`: "error: no space", `{"Type":"image","Action":"pull"}`: "event: image pull", `{"x":1}`: `{"x":1}`,
	} {
		if got, wrong := brief([]byte(doc)); got != want || wrong != strings.HasPrefix(want, "error") {
			t.Errorf("%s: %q, %v", doc, got, wrong)
		}
	}
}

// TestWhose: where exchanges are open at once, an arrow says whose it is.
func TestWhose(t *testing.T) {
	const events = "> +1ms \"GET /v1.41/events HTTP/1.1\\r\\nHost: d\\r\\n\\r\\n\"\n< +1ms \"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\"\n"
	session := "conn +1ms\n" + events + "close +90ms\nconn +10ms\n" + ping
	text, _ := taught(t, sessionOf(t, session), Options{})
	for _, says := range []string{": 1. SystemEvents\n", ">>L0: 200 OK\n", ": 2. SystemPingHead\n", ": 1. the "} {
		if !strings.Contains(text, says) {
			t.Errorf("lacks %q:\n%.900s", says, text)
		}
	}
}
