package redact_test

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// nestedIn returns what is shown of a connection inside the exchange that line
// begins, by what came.
func nestedIn(t *testing.T, line, protocol, sent, got string) map[string]string {
	t.Helper()
	up, down := upgrade(line, protocol)
	shown := make(map[string]string)
	for _, ev := range converse([]string{up, down, sent, got, "no HTTP\r\n", "nor is this\r\n"}, false, redact.New(redact.Options{}).Event) {
		if ev.EventMeta().Conn.Parent.Conn == nil {
			continue
		}
		switch ev := ev.(type) {
		case *wire.Request:
			shown["target"] = ev.Target
		case *wire.Body:
			shown["body "+ev.Dir.String()] = string(ev.Data)
		case *wire.Message:
			shown[ev.Kind.String()+" "+ev.Dir.String()] += string(ev.Data)
		}
	}
	return shown
}

// TestNested: heads of a connection inside another are masked by the rules that
// hold for all, and of what else it carries as much as in the exchange that
// carries it.
func TestNested(t *testing.T) {
	const text = "Content-Type: text/plain\r\n"
	sent, got := call("POST /x?token="+plain+"&a=b", text, "question"), answer(text, "answer")
	for _, tt := range []struct {
		line, protocol string
		up, down       bool // hidden
	}{
		{"CONNECT d:80", "any", false, false},
		{"POST /relay", "any", false, false},
		{"POST /exec/1/start", "tcp", true, false},
		{"POST /v1.41/containers/x/attach?stdin=1", "tcp", true, false},
		{"POST /session", "sock", true, true},
		{"POST /relay", "h2c", true, true},
		{"POST /grpc", "any", true, true},
		{"POST /auth", "any", true, true},
		{"POST /secrets/create", "any", true, true},
	} {
		shown := nestedIn(t, tt.line, tt.protocol, sent, got)
		if len(shown) < 5 || strings.Contains(shown["target"], plain) || !strings.HasSuffix(shown["target"], "&a=b") {
			t.Fatalf("%s: %q", tt.line, shown)
		}
		for dir, hidden := range []bool{tt.up, tt.down} {
			for what, said := range map[string][2]string{"body": {"question", "answer"}, "text": {"question", "answer"}, "raw": {"no HTTP\r\n", "nor is this\r\n"}} {
				v := shown[what+" "+wire.Dir(dir).String()]
				if strings.HasPrefix(v, "[masked ") != hidden || !hidden && v != said[dir] {
					t.Errorf("%s: %s %v is %q", tt.line, what, wire.Dir(dir), v)
				}
			}
		}
	}
}
