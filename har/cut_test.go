package har_test

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestCutComment says how much of a body is there; of what is masked, placeholders
// do not tell.
func TestCutComment(t *testing.T) {
	for _, c := range []struct {
		body wire.Body
		want string
	}{
		{wire.Body{Data: []byte("12345"), Bytes: 8, Truncated: true}, `"the first 5 of 8 bytes"`},
		{wire.Body{Data: []byte("[masked 8 bytes]"), Bytes: 9, Truncated: true, Masked: []string{"response.body"}}, `"the beginning of 9 bytes"`},
		{wire.Body{Bytes: 9, Truncated: true, Masked: []string{"response.body"}}, `"9 bytes, masked: response.body"`},
		{wire.Body{Bytes: 9, Truncated: true}, `"9 bytes, not kept"`},
	} {
		conn := &wire.Conn{ID: 1, Start: t0}
		m := wire.Meta{Conn: conn, Exchange: 1, Start: t0, End: t0}
		c.body.Meta, c.body.Content, c.body.Complete = m, wire.KindText, true
		c.body.Dir = wire.ToClient
		doc := record(t, []wire.Event{
			&wire.Open{Meta: wire.Meta{Conn: conn, Start: t0, End: t0}},
			&wire.Request{Meta: m, Method: "GET", Target: "/", Version: "HTTP/1.1"},
			&wire.Response{Meta: m, Status: 200, Version: "HTTP/1.1"},
			&c.body,
			&wire.End{Meta: m},
		}, har.Options{Body: 1 << 10})
		if !strings.Contains(string(doc), `"comment":`+c.want) {
			t.Errorf("no %s in %s", c.want, doc)
		}
	}
}
