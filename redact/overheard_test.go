package redact

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// TestOverheard: start lines among raw bytes tell what follows, however they are cut.
func TestOverheard(t *testing.T) {
	long := strings.Repeat("x", 2*2048)
	for text, want := range map[string]dockerapi.Traits{
		"fPOST /v1.41/secrets/create HTTP/1.1\r\n": dockerapi.Data,
		"\x00\x00POST /v1.41/auth HTTP/9":          dockerapi.Login,
		"a\nput /containers/x/archive HTTP/1.1\nb": dockerapi.TarRequest | dockerapi.TarResponse,
		long + "\nPOST /auth HTTP/1.1\n":           dockerapi.Login,
		"POST /auth\n":                             0, // nothing that says it is a request
		"HTTP/1.1 200 OK\r\n":                      0,
		"see /auth\nand HTTP/1.1\n":                0,
		"":                                         0,
	} {
		var whole, cut overheard
		got := whole.take([]byte(text))
		var bits dockerapi.Traits
		for i := range text {
			bits |= cut.take([]byte(text[i : i+1]))
		}
		if got != want || bits != want {
			t.Errorf("%.50q: got %b, byte by byte %b, want %b", text, got, bits, want)
		}
		if len(cut.line) > 2048 || len(whole.line) > 2048 {
			t.Errorf("%.50q: %d bytes are kept", text, len(cut.line))
		}
	}
}

// TestRawBehindStartLine: behind a start line that was not understood nothing raw is
// seen of what it asks for, on that connection alone.
func TestRawBehindStartLine(t *testing.T) {
	for line, hidden := range map[string]bool{"POST /secrets/create HTTP/1.1": true, "POST /exec/1/start HTTP/1.1": true, "GET /x HTTP/1.1": false} {
		for _, quoted := range []bool{false, true} {
			c := newConv()
			if quoted {
				c.r.Event(&wire.Anomaly{Meta: c.meta(0, wire.ToServer), Code: "bad-request-line", Detail: `"` + line + `"`})
			} else {
				c.message(0, wire.ToServer, wire.KindRaw, "x"+line+"\r\n\r\n")
			}
			if m := c.message(0, wire.ToServer, wire.KindRaw, "typed"); (m.Masked != nil) != hidden {
				t.Errorf("%s: %q", line, m.Data)
			}
			other := &conv{c.r, &wire.Conn{ID: 2}}
			if m := other.message(0, wire.ToServer, wire.KindRaw, "typed"); m.Masked != nil {
				t.Errorf("%s: another connection: %q", line, m.Data)
			}
		}
	}
}
