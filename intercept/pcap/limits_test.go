package pcap

import (
	"testing"
	"time"
)

// TestLimits keeps bounds where they are documented to be.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct{ got, want int }{
		"what is no request":      {maxAsked, 16 << 10},
		"a read":                  {maxMerged, 1 << 20},
		"packets in fragments":    {maxFragmented, 128},
		"fragments of a packet":   {maxPieces, 1024},
		"a packet":                {maxPacket, 65_535},
		"interfaces":              {maxInterfaces, 4096},
		"kinds of what is unread": {maxUnread, 256},
		"headers":                 {maxHeaders, 32},
		"a window":                {window, 1 << 30},
		"a block":                 {bufferSize, 512 << 10},
		"connections":             {newReader(Options{}, nil).o.MaxConnections, 10_000},
		"bytes that wait":         {newReader(Options{MaxHeld: -1}, nil).o.MaxHeld, 48 << 20},
		"disorder":                {int(disorder / time.Millisecond), 100},
		"patience":                {int(patience / time.Second), 30},
		"fragments' time":         {int(fragmentTime / time.Second), 60},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, not %d", name, c.got, c.want)
		}
	}
	if o := newReader(Options{MaxConnections: 1, MaxHeld: 1}, nil).o; o.MaxConnections != 1 || o.MaxHeld != 1 {
		t.Errorf("%+v", o)
	}
}

// TestReused: bytes far from where a connection has ended are of another one.
func TestReused(t *testing.T) {
	const next = 1 << 31 // numbers wrap somewhere else
	for _, c := range []struct {
		ahead int64
		ended bool
		want  bool
	}{
		{0, false, false}, {0, true, false}, {1, false, false}, {1, true, true}, {-1, false, false}, {-1, true, false},
		{1 << 20, false, false}, {1<<20 + 1, false, true}, {1 << 30, false, true},
		{-1 << 28, false, false}, {-1<<28 - 1, false, true}, {-1 << 28, true, false}, {-1 << 30, true, true},
	} {
		conn := &conn{state: closed}
		conn.half[1] = half{known: true, next: next, ended: c.ended}
		s := &segment{seq: uint32(next + c.ahead), data: []byte("x")}
		if got := conn.reused(1, s); got != c.want {
			t.Errorf("%d ahead, ended %t: %t", c.ahead, c.ended, got)
		}
		if conn.reused(0, s) {
			t.Errorf("%d ahead: of a side that is not known", c.ahead)
		}
		for _, still := range []state{undecided, open, ignored} {
			if conn.state = still; conn.reused(1, s) {
				t.Errorf("%d ahead: though it has not ended (%d)", c.ahead, still)
			}
		}
		conn.state = closed
		if s.data = nil; conn.reused(1, s) {
			t.Errorf("%d ahead: without bytes", c.ahead)
		}
		conn.recorded, s.data = new(recorded), []byte("x")
		if conn.reused(1, s) {
			t.Errorf("%d ahead: of a recording", c.ahead)
		}
	}
}
