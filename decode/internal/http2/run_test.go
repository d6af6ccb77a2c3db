package http2

import (
	"strings"
	"testing"

	"golang.org/x/net/http2"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// Frames that look right.
const (
	ack     = "\x00\x00\x00\x04\x01\x00\x00\x00\x00"
	pong    = "\x00\x00\x08\x06\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	chunk   = "\x00\x00\x02\x00\x01\x00\x00\x00\x05hi"
	request = "\x00\x00\x01\x01\x05\x00\x00\x00\x07\x82"
	reply   = "\x00\x00\x01\x01\x04\x00\x00\x00\x07\x88"
)

// TestRun looks for frames in a row: three, or two behind which nothing comes.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		b     string
		ended bool
		want  content.Looks
	}{
		{ack + pong + chunk, false, content.Yes},
		{ack + pong + chunk[:9], false, content.Yes},
		{ack + pong + chunk[:8], false, content.TooFew},
		{ack + pong, false, content.TooFew},
		{ack + pong, true, content.Yes},
		{ack + pong[:12], true, content.No},
		{ack, true, content.No},
		{ack + pong + chunk[:8], true, content.No},
		{"", false, content.TooFew},
		{"", true, content.No},
		{"GET ", false, content.No},
		{"\x00", false, content.TooFew},
		{"\x01", false, content.No},
		{"\x00GE", false, content.TooFew},
		{"\x00GET", false, content.No},
		{"\x00GE\x09", false, content.TooFew},
		{"\x00GE\x0a", false, content.No},
		{ack + pong + "GET /", false, content.No},
		{ack + pong + "\x01\x00\x00\x00\x00\x00\x00\x00\x01", false, content.No},                               // too long
		{ack + pong + "\x00\xff\xff\x00\x00\x00\x00\x00\x01", false, content.Yes},                              // as long as may be
		{ack + pong + "\x00\x00\x00\x00\x00\x00\x00\x00\x00", false, content.No},                               // DATA of no stream
		{ack + pong + "\x00\x00\x00\x04\x00\x00\x00\x00\x01", false, content.No},                               // SETTINGS of a stream
		{ack + pong + "\x00\x00\x05\x04\x00\x00\x00\x00\x00", false, content.No},                               // not whole settings
		{ack + pong + "\x00\x00\x06\x04\x01\x00\x00\x00\x00", false, content.No},                               // settings that acknowledge
		{ack + pong + "\x00\x00\x06\x04\x00\x00\x00\x00\x00", false, content.Yes},                              //
		{ack + pong + "\x00\x00\x05\x03\x00\x00\x00\x00\x01", false, content.No},                               // RST_STREAM has four bytes
		{ack + pong + "\x00\x00\x07\x07\x00\x00\x00\x00\x00", false, content.No},                               // GOAWAY has eight, or more
		{ack + pong + "\x00\x00\x09\x07\x00\x00\x00\x00\x00", false, content.Yes},                              //
		{ack + pong + "\x00\x00\x00\x00\x02\x00\x00\x00\x01", false, content.No},                               // a flag that DATA does not have
		{ack + pong + "\x00\x00\x00\x00\x00\x80\x00\x00\x01", false, content.No},                               // a bit that is reserved
		{ack + "\x00\xff\xe5\x00\x00\x00\x00\x00\x01" + strings.Repeat("x", 0xffe5) + ack, false, content.Yes}, // just within the span
		{ack + "\x00\xff\xe6\x00\x00\x00\x00\x00\x01" + strings.Repeat("x", 0xffe6) + ack, false, content.No},
	} {
		if _, got := runAt([]byte(c.b), c.ended, runSpan, runLength); got != c.want {
			t.Errorf("%.60q, ended: %t: got %v, want %v", c.b, c.ended, got, c.want)
		}
	}
	for _, c := range []struct {
		b     string
		at    int
		looks content.Looks
	}{
		{"text" + ack + pong + chunk, 4, content.Yes},
		{"text" + ack + "text" + ack + pong, 6, content.TooFew}, // it may be DATA
		{"nothing at all", 14, content.No},
		{"nothing at all\x00", 14, content.TooFew},
	} {
		if at, _, looks := findRun([]byte(c.b), false, runSpan); at != c.at || looks != c.looks {
			t.Errorf("%q: got %d, %v; want %d, %v", c.b, at, looks, c.at, c.looks)
		}
	}
}

// TestSender knows who has sent frames by what their heads begin with.
func TestSender(t *testing.T) {
	for _, c := range []struct {
		b    string
		want wire.Dir
		ok   bool
	}{
		{ack + request, wire.ToServer, true},
		{chunk + reply + request, wire.ToClient, true},
		{"\x00\x00\x03\x01\x0c\x00\x00\x00\x01\x01\x87\x00", wire.ToServer, true}, // padded
		{"\x00\x00\x06\x01\x24\x00\x00\x00\x01\x00\x00\x00\x00\x01\x8e", wire.ToClient, true},
		{"\x00\x00\x01\x01\x04\x00\x00\x00\x01\x48", wire.ToClient, true},
		{"\x00\x00\x01\x01\x04\x00\x00\x00\x01\x81", 0, false}, // :authority may stand in both
		{"\x00\x00\x01\x01\x04\x00\x00\x00\x01\x8f", 0, false},
		{"\x00\x00\x01\x01\x04\x00\x00\x00\x01\xbe" + reply, wire.ToClient, true},
		{"\x00\x00\x00\x01\x04\x00\x00\x00\x01" + ack, 0, false},
		{"\x00\x00\x02\x01\x04\x00\x00\x00\x01\x82", 0, false}, // not all there
		{ack + pong + chunk, 0, false},
		{"", 0, false},
	} {
		if got, ok := Sender([]byte(c.b)); got != c.want || ok != c.ok {
			t.Errorf("%q: got %v, %t", c.b, got, ok)
		}
	}
}

// TestJoins waits for who has sent the frames, where those of the connection do not say so:
// what is known does not depend on how many bytes come at once.
func TestJoins(t *testing.T) {
	grant := "\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\x00\x10\x00"
	for _, c := range []struct {
		b     string
		ended bool
		looks content.Looks
		dir   wire.Dir
		known bool
	}{
		{ack + grant, false, content.TooFew, 0, false},
		{ack + grant, true, content.Yes, 0, false},
		{ack + grant + reply[:9], false, content.TooFew, 0, false},
		{ack + grant + reply, false, content.Yes, wire.ToClient, true},
		{ack + grant + request + reply, false, content.Yes, wire.ToServer, true},
		{ack + request, false, content.Yes, wire.ToServer, true},
		{ack + grant + chunk + reply, false, content.Yes, 0, false}, // what has begun before does not tell
		{ack + grant + chunk[:9], false, content.Yes, 0, false},
		{chunk + reply, false, content.Yes, wire.ToClient, true},
		{chunk + chunk + reply, false, content.Yes, 0, false},
		{ack + grant + "GET / HTTP", false, content.Yes, 0, false},
		{ack + reply[:9], true, content.Yes, 0, false},
		{ack, false, content.TooFew, 0, false},
		{ack, true, content.Yes, 0, false},
		{"GET /", false, content.No, 0, false},
	} {
		looks, dir, known := Joins([]byte(c.b), c.ended)
		if looks != c.looks || dir != c.dir || known != c.known {
			t.Errorf("%q, ended: %t: got %v, %v, %t", c.b, c.ended, looks, dir, known)
		}
		for n := range len(c.b) {
			if looks, dir, known := Joins([]byte(c.b[:n]), false); looks == content.Yes && (c.looks != content.Yes || dir != c.dir || known != c.known) {
				t.Errorf("%q is %v, %t; all of %q is not", c.b[:n], dir, known, c.b)
			}
		}
	}
}

// TestErrorName names the codes of errors.
func TestErrorName(t *testing.T) {
	for code := range uint32(14) {
		if got, want := errorName(code), http2.ErrCode(code).String(); got != want {
			t.Errorf("%d: %s, want %s", code, got, want)
		}
	}
	for code, want := range map[uint32]string{14: "error 14", 1 << 31: "error 2147483648"} {
		if got := errorName(code); got != want {
			t.Errorf("%d: %s, want %s", code, got, want)
		}
	}
}
