package stats

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// attach returns an exchange that has become a stream, on a connection of its own.
func attach(edits ...func(*wire.Exchange)) *wire.Exchange {
	x := call("Attach", 0, 10, of(&wire.Conn{ID: 9}), func(x *wire.Exchange) {
		x.Request.Off, x.Response.Off = 1000, 2000
		x.Upgrade = &wire.Upgrade{}
	})
	for _, edit := range edits {
		edit(x)
	}
	return x
}

func closing(x *wire.Exchange, up, down int64) *wire.Close {
	return &wire.Close{Meta: wire.Meta{Conn: x.Conn, End: at(20)}, Bytes: [2]int64{up, down}}
}

// TestStreams adds what a connection carries behind an upgrade to the exchange that
// asked for it.
func TestStreams(t *testing.T) {
	bodies := func(x *wire.Exchange) {
		x.RequestBody, x.ResponseBody = &wire.Body{WireBytes: 3}, &wire.Body{WireBytes: 4}
	}
	for _, tt := range []struct {
		what     string
		x        *wire.Exchange
		up, down int64
		want     [2]int64
	}{
		{"both ways", attach(), 1105, 2017, [2]int64{105, 17}},
		{"behind bodies", attach(bodies), 1105, 2017, [2]int64{105, 17}},
		{"nothing", attach(), 1100, 2010, [2]int64{100, 10}},
		{"less than there was", attach(), 7, 7, [2]int64{100, 10}},
		{"without an answer", attach(unanswered), 1105, 2017, [2]int64{100, 0}},
		{"without a request", attach(func(x *wire.Exchange) { x.Request = nil }), 1105, 2017, [2]int64{0, 10}},
		{"a stream of HTTP/2", attach(func(x *wire.Exchange) { x.Request.Stream = 3 }), 1105, 2017, [2]int64{100, 10}},
		{"no upgrade", attach(func(x *wire.Exchange) { x.Upgrade = nil }), 1105, 2017, [2]int64{100, 10}},
	} {
		other := call("B", 0, 1)
		s := gathered(t, other, tt.x, closing(tt.x, tt.up, tt.down), closing(tt.x, tt.up+9, tt.down+9), closing(other, 5000, 5000))
		r := s.Report()
		if got := r.All.Bytes; got != [2]int64{tt.want[0] + 100, tt.want[1] + 10} {
			t.Errorf("%s: in all %d", tt.what, got)
		}
		for _, o := range r.Operations {
			if o.Name != "B" && o.Bytes != tt.want {
				t.Errorf("%s: got %d, want %d", tt.what, o.Bytes, tt.want)
			}
		}
		for _, c := range r.Clients {
			if c.Name != "docker" && c.Bytes != tt.want {
				t.Errorf("%s: of the client %d, want %d", tt.what, c.Bytes, tt.want)
			}
		}
		if len(s.streams) != 0 {
			t.Errorf("%s: %d streams are remembered", tt.what, len(s.streams))
		}
	}
	x := attach(of(nil))
	if s := gathered(t, x); len(s.streams) != 0 {
		t.Error("no connection is remembered")
	}
}

// TestWaitsAsStream: what becomes a stream waits, whatever it asks for.
func TestWaitsAsStream(t *testing.T) {
	r := gathered(t, attach(), attach(func(x *wire.Exchange) { x.Upgrade = nil })).Report()
	if len(r.Operations) != 2 || r.Operations[0].Waits || !r.Operations[1].Waits || r.Waited != 10*ms {
		t.Errorf("%+v", r.Operations)
	}
}

// TestStreamsInside adds what travels inside of a stream once to all, in the direction
// of the outermost, and to each row of its own.
func TestStreamsInside(t *testing.T) {
	for _, tt := range []struct {
		what             string
		reversed, deeper bool // the connections inside
		want             [2]int64
	}{
		{"as it is", false, false, [2]int64{105, 1017}},
		{"reversed", true, false, [2]int64{105, 1017}},
		{"reversed inside", false, true, [2]int64{105, 1017}},
		{"twice", true, true, [2]int64{105, 1017}},
	} {
		x := attach(func(x *wire.Exchange) { x.Request.HeadBytes, x.Response.HeadBytes = 3, 4 })
		middle := &wire.Conn{ID: 10, Parent: wire.Parent{Conn: x.Conn, Exchange: 1}, Reversed: tt.reversed}
		inner := &wire.Conn{ID: 11, Parent: wire.Parent{Conn: middle, Exchange: 1}, Reversed: tt.deeper}
		small := func(x *wire.Exchange) { x.Request.HeadBytes, x.Response.HeadBytes = 20, 7 }
		stream := func(x *wire.Exchange) { small(x); x.Upgrade = &wire.Upgrade{} }
		carrying := call("M", 2, 3, of(middle), stream)
		in := call("I", 2, 3, of(inner), small)
		s := gathered(t, in, &wire.Close{Meta: wire.Meta{Conn: inner, End: at(4)}, Bytes: [2]int64{20, 7}},
			carrying, closing(carrying, 50, 60), x, closing(x, 1105, 3017))
		r := s.Report()
		if r.All.Bytes != tt.want {
			t.Errorf("%s: in all %d, want %d", tt.what, r.All.Bytes, tt.want)
		}
		for _, o := range r.Operations {
			if want := map[string][2]int64{"Attach": {105, 1017}, "M": {50, 60}, "I": {20, 7}}[o.Name]; o.Bytes != want {
				t.Errorf("%s: %s: %d, want %d", tt.what, o.Name, o.Bytes, want)
			}
		}
		if len(s.within) != 0 || len(s.streams) != 0 {
			t.Errorf("%s: %d and %d connections are kept", tt.what, len(s.within), len(s.streams))
		}
	}
	s := gathered(t, call("I", 2, 3, of(&wire.Conn{Parent: wire.Parent{Conn: &wire.Conn{ID: 9}}, Reversed: true})))
	if got := s.Report().All.Bytes; got != [2]int64{10, 100} {
		t.Errorf("while it is open: %d", got)
	}
}
