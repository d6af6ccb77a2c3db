package body

import (
	"bytes"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// TestKeep keeps the beginning of a body: what is asked for, or enough for a look.
func TestKeep(t *testing.T) {
	for _, c := range []struct {
		needs     wire.Needs
		budget    int64
		pieces    []int
		want      int
		truncated bool
		taken     int
	}{
		{wire.Needs{Messages: true}, 1 << 20, []int{10, 54}, 64, false, 0},
		{wire.Needs{Messages: true}, 1 << 20, []int{65}, 64, true, 0},
		{wire.Needs{Messages: true}, 1 << 20, []int{60, 10, 10}, 64, true, 0},
		{wire.Needs{Messages: true}, 1 << 20, []int{64, 1}, 64, true, 0},
		{wire.Needs{Body: 100}, 1 << 20, []int{100}, 100, false, 100},
		{wire.Needs{Body: 100}, 1 << 20, []int{101, 1}, 100, true, 100},
		{wire.Needs{Body: 100}, 1 << 20, []int{50, 60}, 100, true, 100},
		{wire.Needs{Body: 100}, 1 << 20, []int{100, 1}, 100, true, 100},
		{wire.Needs{Body: 10}, 1 << 20, []int{64}, 64, false, 0},
		{wire.Needs{Body: 65}, 1 << 20, []int{66}, 65, true, 65},
		{wire.Needs{Body: 1000}, 500, []int{200, 1}, 64, true, 0},
		{wire.Needs{Body: 1000}, 500, []int{20, 200}, 64, true, 20},
		{wire.Needs{Body: 1000}, 500, []int{100, 50}, 100, true, 100},
		{wire.Needs{}, 1 << 20, []int{1}, 0, true, 0},
		{wire.Needs{Sizes: true}, 1 << 20, []int{1}, 0, true, 0},
	} {
		for _, keeps := range []bool{false, true} {
			c.needs.Keeps = keeps
			m := memory.New(c.budget)
			e := &Env{Account: budget.NewAccount(budget.Of(m)), Needs: c.needs}
			x := new(Exchange)
			x.Init(e, 1)
			b := &x.Sides[wire.ToClient]
			b.event = &b.storage
			var all []byte
			for i, n := range c.pieces {
				p := bytes.Repeat([]byte{'a' + byte(i)}, n)
				all = append(all, p...)
				b.measure(p)
			}
			w := b.event
			if !bytes.Equal(w.Data, all[:c.want]) || w.Truncated != c.truncated || w.Bytes != int64(len(all)) {
				t.Errorf("%+v, %v: kept %d of %d bytes, truncated %t", c.needs, c.pieces, len(w.Data), w.Bytes, w.Truncated)
			}
			if taken := b.kept; taken != c.taken {
				t.Errorf("%+v, %v: %d bytes are taken, want %d", c.needs, c.pieces, taken, c.taken)
			}
			if s := b.Leave(); keeps && s.data != nil || len(s.data) > 0 || b.kept != 0 {
				t.Errorf("%+v: %d bytes are left to the next", c.needs, len(s.data))
			}
			e.Account.Close()
			if m.Left() != c.budget {
				t.Errorf("%+v: %d of %d bytes are left", c.needs, m.Left(), c.budget)
			}
		}
	}
}

// TestMeta says where and when bytes were seen.
func TestMeta(t *testing.T) {
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	var w window.Window
	for n, b := range []string{"a", "bc", "d"} {
		w.Push(at(n), []byte(b))
	}
	var told []wire.Event
	e := &Env{Conn: new(wire.Conn), Account: budget.NewAccount(nil), Needs: wire.Needs{Messages: true}, Tell: func(ev wire.Event) { told = append(told, wire.Clone(ev)) }}
	for _, c := range []struct {
		off, end    int64
		start, ends int
	}{{0, 0, 0, 0}, {0, 1, 0, 0}, {0, 2, 0, 1}, {0, 4, 0, 2}, {1, 2, 1, 1}, {1, 3, 1, 1}, {2, 4, 1, 2}, {3, 4, 2, 2}} {
		m := e.Meta(&w, wire.ToClient, 7, c.off, c.end)
		if m.Conn != e.Conn || m.Exchange != 7 || m.Dir != wire.ToClient || m.Off != c.off || !m.Start.Equal(at(c.start)) || !m.End.Equal(at(c.ends)) {
			t.Errorf("bytes %d to %d: %+v", c.off, c.end, m)
		}
	}
	e.Raw(&w, wire.ToClient, 0)
	e.Raw(&w, wire.ToClient, 2)
	e.Unshown(&w, wire.ToServer, 2)
	if len(told) != 2 {
		t.Fatalf("%d events", len(told))
	}
	if m := told[0].(*wire.Message); string(m.Data) != "ab" || m.Size != 2 || m.Truncated || m.Kind != wire.KindRaw || !m.End.Equal(at(1)) {
		t.Errorf("raw: %+v", m)
	}
	if m := told[1].(*wire.Message); m.Data != nil || m.Size != 2 || !m.Truncated || m.Kind != wire.KindRaw || m.Off != 2 || !m.Start.Equal(at(1)) || !m.End.Equal(at(2)) {
		t.Errorf("what is not shown: %+v", m)
	}
	e.Needs = wire.Needs{}
	w.Push(at(4), []byte("ef"))
	if e.Raw(&w, wire.ToClient, 1); w.Off() != 5 {
		t.Errorf("at %d", w.Off())
	}
	if e.Unshown(&w, wire.ToClient, 1); w.Off() != 6 || len(told) != 2 {
		t.Errorf("at %d; %d events for nobody", w.Off(), len(told))
	}
}
