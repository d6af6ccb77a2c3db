package decode_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/http2"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// spentTalk is a call whose heads, and trailers, have many fields besides those that
// decide, before them and behind: what is left out of a head must not be missed in it.
func spentTalk() *talk {
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("x-%d: %s", i, strings.Repeat("v", 50)))
	}
	among := func(of ...string) []string { return slices.Concat(many[:20], of, many[20:]) }
	k := newTalk(true)
	k.client().head(1, true, get("/"+strings.Repeat("p", 2000), among("content-type: application/grpc", "connection: close", "grpc-encoding: gzip")...)...).send()
	k.server().head(1, false, answer("200", among("content-type: application/grpc")...)...)
	k.server().data(1, false, "\x00\x00\x00\x00\x00").head(1, true, among("grpc-status: 5", "grpc-message: no")...).send()
	return k
}

// names returns the names of fields.
func names(fields []wire.Field) string {
	var of []string
	for _, f := range fields {
		of = append(of, f.Name)
	}
	return strings.Join(of, " ")
}

// TestHTTP2ShortHeads has so little memory, and ever more of it, that heads and trailers
// are cut to the fields that decide: the decoder goes on, and tells that it did.
func TestHTTP2ShortHeads(t *testing.T) {
	short := map[string]string{
		"request":  ":method :scheme :authority :path content-type grpc-encoding",
		"response": ":status content-type",
		"trailers": "grpc-status",
	}
	whole, cut, none := map[string]int{}, map[string]int{}, map[string]int{}
	told := func(room int64, what string, fields []wire.Field) {
		switch got := names(fields); {
		case len(fields) >= 41:
			whole[what]++
		case got == short[what]:
			cut[what]++
		case got == "" && what == "trailers":
			none[what]++
		default:
			t.Fatalf("%d bytes: the fields of the %s are %s", room, what, got)
		}
	}
	for room := int64(0); room < 100<<10; room += 1000 {
		parts, codes := 0, map[string]int{}
		before := cut["request"] + cut["response"] + cut["trailers"] + none["trailers"]
		budget, conn := decode.NewBudget(room), spentTalk().conn
		for _, ev := range play(&conn, conn.Wire(1, t0), decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Keeps: true}, Budget: budget}) {
			switch ev := ev.(type) {
			case *wire.Request:
				parts++
				told(room, "request", ev.Fields)
				if path := len(ev.Target); ev.Method != "GET" || ev.Authority != "docker" || path != 2001 && path != 1024 {
					t.Errorf("%d bytes: the request is %s %q, of %d bytes", room, ev.Method, ev.Authority, path)
				}
			case *wire.Response:
				parts++
				told(room, "response", ev.Fields)
				if ev.Status != 200 {
					t.Errorf("%d bytes: the status is %d", room, ev.Status)
				}
			case *wire.Body:
				parts++
				told(room, "trailers", ev.Trailer)
			case *wire.Anomaly:
				codes[ev.Code]++
			}
		}
		lacking := cut["request"] + cut["response"] + cut["trailers"] + none["trailers"] - before
		if parts != 3 || codes["malformed-head"] != 1 || codes["decoder-panic"] != 0 || codes["memory-spent"] < lacking {
			t.Errorf("%d bytes: %d parts, %d of them cut, anomalies %v", room, parts, lacking, codes)
		}
		if left := decode.Left(budget); left != room {
			t.Errorf("%d bytes: %d are not given back", room, room-left)
		}
	}
	for what := range short {
		if whole[what] == 0 || cut[what] == 0 {
			t.Errorf("the %s are whole %d times, and cut %d times", what, whole[what], cut[what])
		}
	}
}

// TestHTTP2Spent has no memory at all for what is held: a frame that is not whole, what
// waits for the other side, what may become frames.
func TestHTTP2Spent(t *testing.T) {
	part := func(p *h2peer, n int) { // sends all but the last n bytes, and then them
		b := bytes.Clone(p.out.Bytes())
		p.out.Truncate(len(b) - n)
		p.send().out.Write(b[len(b)-n:])
		p.send()
	}
	long := "x: " + strings.Repeat("\xff", 3000)
	for _, c := range []struct {
		name string
		talk func(c, s *h2peer)
		want string
	}{
		{"a head", func(c, s *h2peer) {
			part(c.head(1, true, get("/", long)...), 100)
			c.head(3, true, get("/three")...)
		}, `memory-spent (2925 bytes of a frame), ask ?, unknown-fields (from stream 3 on), memory-spent (1), end aborted, memory-spent (1 stream was left out)`},
		{"a head of which little came", func(c, s *h2peer) {
			part(c.head(1, true, get("/", long)...), 1500)
			c.head(3, true, get("/three")...)
		}, `ask /, memory-spent (3204 bytes of a head), unknown-fields (from stream 3 on), memory-spent (1), end aborted, memory-spent (1 stream was left out)`},
		{"settings", func(c, s *h2peer) {
			wrote(c.WriteRawFrame(http2.FrameSettings, 0, 0, make([]byte, 6000)))
			part(c, 6)
			c.head(1, true, get("/")...)
		}, `memory-spent (6003 bytes of a frame), ask /, memory-spent (171 bytes of a head), end aborted`},
		{"an answer that waits", func(c, s *h2peer) {
			s.head(1, false, answer("200")...).data(1, true, strings.Repeat("y", 3000)).send()
			c.head(1, true, get("/")...)
		}, `ask /, memory-spent (171 bytes of a head), end aborted`},
		{"a head in many frames", func(c, s *h2peer) {
			b := c.encode(get("/", long)...)
			wrote(c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, EndStream: true, BlockFragment: b[:1500]}))
			wrote(c.WriteContinuation(1, false, b[1500:2500]))
			wrote(c.WriteContinuation(1, true, b[2500:]))
			c.head(3, true, get("/three")...)
		}, `memory-spent (1500 bytes of a head), ask ?, unknown-fields (from stream 3 on), memory-spent (1), end aborted, memory-spent (1 stream was left out)`},
		{"an answer that may wait", func(c, s *h2peer) {
			s.head(1, false, answer("200")...).data(1, true, strings.Repeat("y", 1000)).send()
			c.head(1, true, get("/")...)
		}, `ask /, memory-spent (171 bytes of a head), answer 200, memory-spent (42 bytes of a head), body 1 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", end done`},
		{"what is no frame", func(c, s *h2peer) {
			c.out.WriteString(strings.Repeat("GET ", 1000))
			part(c, 1)
			c.head(1, true, get("/")...)
		}, `bad-http2 (frame of type 32 of stream 1163141191 (4670804 bytes) is longer than its receiver accepts), raw 3999, raw 1, raw 19`},
		{"what may become frames", func(c, s *h2peer) {
			c.out.WriteString("not")
			wrote(c.WriteRawFrame(0xfe, 0, 0, nil)) // is none that is recognised
			part(c.data(1, false, strings.Repeat("z", 3000)), 100)
			wrote(c.WriteSettingsAck())
			wrote(c.WriteSettingsAck())
			c.send()
		}, `bad-http2 (DATA of stream 16646144 (7237492 bytes) is longer than its receiver accepts), raw 5, raw 2916, raw 100`},
	} {
		k := newTalk(true)
		c.talk(k.client(), k.server())
		budget := decode.NewBudget(0)
		if got := spokenWith(k, decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Messages: true, Keeps: true}, Budget: budget}); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if left := decode.Left(budget); left != 0 {
			t.Errorf("%s: %d bytes are left", c.name, left)
		}
	}
}
