package redact

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestAuthNotUnderstood has a request to /auth whose request line the decoder
// refused: its body comes raw, and is masked whole.
func TestAuthNotUnderstood(t *testing.T) {
	r := New(Options{})
	meta := wire.Meta{Conn: &wire.Conn{ID: 1}}
	r.Event(&wire.Anomaly{Meta: meta, Code: "bad-request-line", Detail: `"POST /v1.41/auth HTTP/2.0"`})
	got := r.Event(&wire.Message{Meta: meta, Kind: wire.KindRaw, Data: []byte(`{"password":"hunter2"}`), Size: 22}).(*wire.Message)
	if strings.Contains(string(got.Data), "hunter2") {
		t.Errorf("got %q", got.Data)
	}
	other := wire.Meta{Conn: &wire.Conn{ID: 2}}
	if got := r.Event(&wire.Message{Meta: other, Kind: wire.KindRaw, Data: []byte("plain")}).(*wire.Message); string(got.Data) != "plain" {
		t.Errorf("another connection: got %q", got.Data)
	}
}
