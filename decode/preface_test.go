package decode_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// TestPrefaceLater has clients that go over to HTTP/2 on a connection that has
// spoken HTTP/1, and looks whether that is known from what the server says.
func TestPrefaceLater(t *testing.T) {
	const (
		ask     = `> "GET / HTTP/1.1\r\n\r\n"` + "\n"
		answer  = `< +1ms "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"` + "\n"
		preface = `> +1ms "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x03\x01\x05\x00\x00\x00\x01\x82\x84\x86"` + "\n"
		settled = `< +1ms "\x00\x00\x00\x04\x00\x00\x00\x00\x00"` + "\n"
		refused = `< +1ms "HTTP/1.1 505 Not Supported\r\nContent-Length: 0\r\n\r\n"` + "\n"
		framed  = len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + 9 // how much is before the request
	)
	for _, tt := range []struct {
		name, talk string
		raw        bool   // something is not understood
		requests   string // the versions of requests, each with the number of its exchange
		statuses   string
	}{
		{"behind an answer", ask + answer + preface + settled, false, "HTTP/1.1 #1 HTTP/2 #2", "200"},
		{"before it", ask + preface + answer + settled, false, "HTTP/1.1 #1 HTTP/2 #2", "200"},
		{"before it, and refused", ask + preface + answer + refused, true, "HTTP/1.1 #1 HTTP/2.0 #2", "200 505"},
		{"the server greets, and the client has said nothing", settled, false, "", ""},
		{"the server greets, and the client ends", settled + "> eof\n", false, "", ""},
		{"the server greets, and the client does not", settled + `> "no preface"` + "\n", true, "", ""},
		{"the server greets otherwise", `< "\x00\x00\x00\x04\x00\x00\x00\x00\x01"` + "\n> eof\n", true, "", ""},
		{"no answer", ask + answer + preface + "> eof\n", false, "HTTP/1.1 #1 HTTP/2 #2", "200"},
		{"the server ends", ask + answer + preface + "< eof\n", false, "HTTP/1.1 #1 HTTP/2 #2", "200"},
		{"never an answer", ask + preface + "> eof\n", false, "HTTP/1.1 #1 HTTP/2 #2", ""},
		{"in the middle of an answer", ask + `< "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"` + "\n" + preface + `< "k"` + "\n", false, "HTTP/1.1 #1 HTTP/2 #2", "200"},
		{"nothing but the preface waits", preface + refused, true, "HTTP/2.0 #1", "505"},
		{"the client goes on", preface + `> "` + strings.Repeat(`\x00`, 70<<10) + `"` + "\n" + refused, true, "HTTP/2 #1", ""},
		{"and later", ask + answer + preface + `> "` + strings.Repeat(`\x00`, 1<<20) + `"` + "\n" + refused, true, "HTTP/1.1 #1 HTTP/2 #2", "200"},
	} {
		s, err := transcript.Parse(tt.name, []byte(tt.talk))
		if err != nil {
			t.Fatal(err)
		}
		raw, ends, requests, statuses := false, 0, []string(nil), []string(nil)
		for _, ev := range play(s.Conns[0], s.Conns[0].Wire(1, t0), all()) {
			switch ev := ev.(type) {
			case *wire.Message:
				raw = raw || ev.Kind == wire.KindRaw
			case *wire.Request:
				requests = append(requests, fmt.Sprintf("%s #%d", ev.Version, ev.Exchange))
				if at := int64(strings.Index(string(s.Conns[0].Bytes(wire.ToServer)), "PRI") + framed); ev.Version == "HTTP/2" && ev.Off != at {
					t.Errorf("%s: a request is at %d, not at %d", tt.name, ev.Off, at)
				}
			case *wire.Response:
				statuses = append(statuses, strconv.Itoa(ev.Status))
			case *wire.Exchange:
				ends++
			}
		}
		if got, asked := strings.Join(statuses, " "), strings.Join(requests, " "); raw != tt.raw || got != tt.statuses || asked != tt.requests || ends != len(requests) {
			t.Errorf("%s: raw bytes: %t, %d ends, requests %q, statuses %q; want %t, %q, %q", tt.name, raw, ends, asked, got, tt.raw, tt.requests, tt.statuses)
		}
		if len(tt.talk) < 1000 {
			tracetest.Invariant(t, s.Conns[0], newTap(all))
		}
	}
}

// TestEndsEarly has a side end before it is known what the connection speaks: that
// is told at once, unless the other can still tell.
func TestEndsEarly(t *testing.T) {
	for _, c := range []struct {
		dir  wire.Dir
		data string
		told bool
	}{
		{wire.ToServer, "", true},
		{wire.ToServer, "PR", true},
		{wire.ToServer, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true},
		{wire.ToServer, "PROXY TC", true},
		{wire.ToServer, "\x05\x01", true},
		{wire.ToServer, "\x05\x01\x00", false},
		{wire.ToClient, "", true},
		{wire.ToClient, "\x00\x00\x06", true},
		{wire.ToClient, "\x00\x00\x06\x04\x00\x00\x00\x00\x00", false},
		{wire.ToClient, "HTTP/1.", true},
	} {
		told := false
		d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), func(ev wire.Event) {
			if e, ok := ev.(*wire.EOF); ok && e.Dir == c.dir {
				told = true
			}
		})
		d.Chunk(wire.Chunk{Time: t0, Dir: c.dir, Data: []byte(c.data)})
		if d.Chunk(wire.Chunk{Time: t0, Dir: c.dir, EOF: true}); told != c.told {
			t.Errorf("%v %q: told that it has ended: %t", c.dir, c.data, told)
		}
		d.End(t0, nil)
		if !told {
			t.Errorf("%v %q: it is not told that it has ended", c.dir, c.data)
		}
	}
}

// TestMostUnknown has a side say as much of what the other has to explain as is waited
// for, and one byte more.
func TestMostUnknown(t *testing.T) {
	const preface, greeting = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x00\x00\x06\x04\x00\x00\x00\x00\x00"
	for _, c := range []struct {
		first string // of the client
		dir   wire.Dir
		data  string
	}{
		{"", wire.ToServer, preface},
		{"", wire.ToClient, greeting},
		{"", wire.ToServer, "\x05\x01\x00"},
		{"\x05\x01\x00\x05\x01\x00\x01\x01\x02\x03", wire.ToClient, "\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"},
	} {
		for more, told := range []bool{false, true} {
			events := 0
			d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), func(ev wire.Event) {
				if _, ok := ev.(*wire.Open); !ok {
					events++
				}
			})
			if c.first != "" {
				d.Chunk(wire.Chunk{Time: t0, Data: []byte(c.first)})
			}
			d.Chunk(wire.Chunk{Time: t0, Dir: c.dir, Data: []byte(c.data + strings.Repeat("\x00", 64<<10+more-len(c.data)))})
			if (events > 0) != told {
				t.Errorf("%v %q and more, %d bytes: %d events", c.dir, c.data, 64<<10+more, events)
			}
			d.End(t0, nil)
			if events == 0 {
				t.Errorf("%v %q: nothing is told", c.dir, c.data)
			}
		}
	}
}

// TestSaysNothing has connections open and end on which nothing is said.
func TestSaysNothing(t *testing.T) {
	for _, opens := range []bool{false, true} {
		var got []string
		d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), func(ev wire.Event) { got = append(got, tracetest.Dump(ev)) })
		if opens {
			if d.Open(); len(got) != 1 {
				t.Errorf("%q are told when it opens", got)
			}
		}
		d.End(t0.Add(time.Second), errors.New("gone"))
		if want := `1.0 > @0 +0s open client=? server=?; 1.0 > @0 +1s close to_server=0 to_client=0 err="gone"`; strings.Join(got, "; ") != want {
			t.Errorf("got %q, want %s", got, want)
		}
	}
}
