package decode_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// TestHTTP2Unseen has connections whose beginnings were not seen: what belongs to
// streams that were opened before is told, and what opens others is known again.
func TestHTTP2Unseen(t *testing.T) {
	fill := func(p *h2peer) *h2peer { // frames by which the side is recognised
		for range 3 {
			wrote(p.WriteSettingsAck())
		}
		return p.send()
	}
	for _, c := range []struct {
		name string
		talk func(c, s *h2peer)
		want string
	}{
		{"an answer", func(c, s *h2peer) { s.head(3, false, answer("200")...).data(3, true, "x") }, `response-without-request (stream 3), answer 200, body 1 "x", end partial`},
		{"an answer before its request", func(c, s *h2peer) {
			s.head(3, false, answer("200")...).data(3, false, "x").send()
			c.head(3, true, get("/")...).send()
			s.data(3, true, "y")
		}, `response-without-request (stream 3), answer 200, ask /, body 1 "xy", end partial`},
		{"and its request has content", func(c, s *h2peer) {
			s.head(3, false, answer("200")...).send()
			c.head(3, false, get("/")...).data(3, true, "y").send()
			s.data(3, true, "y")
		}, `response-without-request (stream 3), answer 200, ask /, body 0 "y", body 1 "y", end partial`},
		{"an answer before trailers of the request", func(c, s *h2peer) {
			s.head(3, false, answer("200")...).send()
			c.head(3, true, "a: b").send()
			s.data(3, true, "y")
		}, `response-without-request (stream 3), answer 200, body 0 "" a=b, body 1 "y", end partial`},
		{"content of a request", func(c, s *h2peer) {
			c.data(3, true, "x").send()
			s.head(3, true, answer("200")...)
		}, `body 0 "x", answer 200, end partial`},
		{"content of a request, and a head behind it", func(c, s *h2peer) {
			c.data(3, false, "x").head(3, false, get("/")...).data(3, true, "y").send()
			s.head(3, true, answer("200")...)
		}, `bad-http2 (HEADERS of stream 3 (10 bytes) within a message does not end it), malformed-head (pseudo-header fields in trailers), body 0 "xy" :method=GET :scheme=http :authority=docker :path=/, answer 200, end partial`},
		{"trailers of a request", func(c, s *h2peer) {
			c.head(3, true, "a: b").send()
			s.head(3, true, answer("200")...)
		}, `body 0 "" a=b, answer 200, end partial`},
		{"trailers of an answer", func(c, s *h2peer) { s.head(3, true, "a: b") }, `response-without-request (stream 3), body 1 "" a=b, end partial`},
		{"a request, and one before it", func(c, s *h2peer) {
			c.head(5, true, get("/")...).send()
			s.head(3, true, answer("200")...).head(5, true, answer("204")...).send()
			c.data(3, true, "x").data(5, true, "y")
		}, `ask /, response-without-request (stream 3), answer 200, end partial, answer 204, end done, body 0 "x", bad-http2 (DATA of stream 5 (1 bytes) of a stream that is not open any more), end partial`},
		{"a promise that was not seen", func(c, s *h2peer) { s.head(2, true, answer("200")...) }, `response-without-request (stream 2), answer 200, end partial`},
		{"the client resets", func(c, s *h2peer) { c.reset(3, 8) }, ``},
		{"the server resets", func(c, s *h2peer) { s.data(3, false, "x").reset(3, 8) }, `response-without-request (stream 3), body 1 "x", end partial reset 1:8`},
	} {
		k := newTalk(false)
		fill(k.client())
		fill(k.server())
		c.talk(k.client(), k.server())
		if got := spoken(k); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestHTTP2LostBeginning has connections of which nothing is seen at first but that
// something is lost, and more or less of what follows: frames show what it is, and heads
// who asks whom.
func TestHTTP2LostBeginning(t *testing.T) {
	for lost := range 4 {
		for _, swapped := range []bool{false, true} {
			if lost == 1 && swapped {
				continue // what comes next is of either side
			}
			k := newTalk(true)
			k.client().head(1, true, get("/seen")...).send()
			k.server().head(1, false, answer("200")...).data(1, true, "x").send()
			k.client().head(3, true, get("/again")...).send()
			k.server().head(3, false, answer("204")...).data(3, true, "y").send()
			upgrade := []transcript.Chunk{{Dir: wire.ToServer, Lost: 200}, {Dir: wire.ToClient, Lost: 100}}
			k.conn.Chunks = append(upgrade, k.conn.Chunks...)
			for i := range k.conn.Chunks {
				c := &k.conn.Chunks[i]
				if i >= 2 && i < 2+lost {
					c.Lost, c.Data = len(c.Data), nil
				}
				if swapped {
					c.Dir = c.Dir.Other()
				}
			}
			var targets, statuses []string
			for _, ev := range play(&k.conn, k.conn.Wire(1, t0), all()) {
				switch ev := ev.(type) {
				case *wire.Message:
					if ev.Kind == wire.KindRaw {
						t.Errorf("%d lost, swapped: %t: %q is raw", lost, swapped, ev.Data)
					}
				case *wire.Request:
					targets = append(targets, ev.Target)
				case *wire.Response:
					statuses = append(statuses, strconv.Itoa(ev.Status))
				case *wire.Open:
					if ev.Conn.Parent.Conn != nil && ev.Conn.Reversed != swapped {
						t.Errorf("%d lost, swapped: %t: connection inside, reversed: %t", lost, swapped, ev.Conn.Reversed)
					}
				}
			}
			want := [...]string{"/seen /again 200 204", "/seen /again 200 204", "/seen /again 200 204", "/again 200 204"}[lost]
			if got := strings.Join(append(targets, statuses...), " "); got != want {
				t.Errorf("%d lost, swapped: %t: got %s, want %s", lost, swapped, got, want)
			}
		}
	}
}

// TestHTTP2ManyUnseen has more streams whose requests were not seen than are followed.
func TestHTTP2ManyUnseen(t *testing.T) {
	const many = 10_000
	k := newTalk(false)
	for n := range uint32(many + 20) {
		k.server().data(2*n+1, false, "x")
	}
	k.client().out.WriteString(strings.Repeat("\x00\x00\x00\x04\x01\x00\x00\x00\x00", 3))
	k.client().send()
	if out := withhold(t, k, 64<<20); out.ends != many || out.codes["response-without-request"] != many {
		t.Errorf("%d ends, anomalies %v", out.ends, out.codes)
	}
	if out := withhold(t, k, 1<<20); out.ends < 100 || out.ends > 1000 || out.codes["response-without-request"] != out.ends {
		t.Errorf("without memory: %d ends, anomalies %v", out.ends, out.codes)
	}
}
