package redact

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// TestSpentOnDepth has texts in pieces that are JSON of great depth: what there is
// memory for is read on, of others all that follows is masked.
func TestSpentOnDepth(t *testing.T) {
	const budget, conns = 1 << 20, 30
	m := memory.New(budget)
	r := New(Options{Memory: m})
	piece := func(c *wire.Conn, data string) (string, []string) {
		ev := r.Event(&wire.Message{Meta: wire.Meta{Conn: c, Exchange: 1, Dir: wire.ToClient}, Kind: wire.KindText, Data: []byte(data), Size: int64(len(data))})
		return string(ev.(*wire.Message).Data), ev.(*wire.Message).Masked
	}
	var all []*wire.Conn
	shown := 0
	for n := range conns {
		c := &wire.Conn{ID: n + 1}
		all = append(all, c)
		r.Event(&wire.Request{Meta: wire.Meta{Conn: c, Exchange: 1}, Method: "GET", Target: "/x", Version: "HTTP/1.1"})
		if got, masked := piece(c, strings.Repeat(`{"a":[`, 1000)); len(got) != 6000 || masked != nil {
			t.Fatalf("connection %d: %q, masked %q", n, got, masked)
		}
		switch got, masked := piece(c, `"words",`); {
		case got == `"words",` && masked == nil:
			shown++
		case strings.Contains(got, "words") || len(masked) != 1:
			t.Errorf("connection %d: %q, masked %q", n, got, masked)
		}
		if got, masked := piece(c, `"ghp_abcdefghijklmnopqrstuvwxyz0123456789"`); strings.Contains(got, "hijklm") || len(masked) != 1 {
			t.Errorf("connection %d: %q, masked %q", n, got, masked)
		}
	}
	if shown < 2 || shown > 15 || m.Left() < 0 || m.Left() > budget/2 {
		t.Errorf("%d of %d are shown, %d bytes are left", shown, conns, m.Left())
	}
	if times, _ := m.Missed(); times != int64(conns-shown) {
		t.Errorf("missed %d times", times)
	}
	for n, c := range all {
		at := wire.Meta{Conn: c, Exchange: 1, Dir: wire.ToClient}
		switch n % 3 {
		case 0:
			r.Event(&wire.Body{Meta: at, Content: wire.KindText, Bytes: 1, Truncated: true})
		case 1:
			r.Event(&wire.End{Meta: at})
		}
		if got := r.conns.state(c).account.Used(); (got > 0) != (n%3 == 2 && n < shown) {
			t.Errorf("connection %d still has %d bytes", n, got)
		}
		r.Event(&wire.Close{Meta: wire.Meta{Conn: c}})
	}
	if left := m.Left(); left != budget {
		t.Errorf("%d of %d bytes are left at the end", left, budget)
	}
}
