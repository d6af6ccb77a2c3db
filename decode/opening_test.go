package decode

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// What is in the middle of HTTP/2: of a client, of a server, of either.
const (
	lateFrames  = "\x00\x00\x00\x00\x01\x00\x00\x00\x05" + "\x00\x00\x00\x04\x01\x00\x00\x00\x00" + "\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\x00\x10\x00"
	lateRequest = "\x00\x00\x03\x01\x05\x00\x00\x00\x07\x83\x86\xbe" + lateFrames
	lateAnswer  = "\x00\x00\x02\x01\x04\x00\x00\x00\x07\x88\xbe" + lateFrames
)

const proxyLine = "PROXY UNKNOWN\r\n"

func TestOpening(t *testing.T) {
	for _, c := range []struct {
		b    string
		want wire.Opening
	}{
		{"", wire.OpensUnclear},
		{"GET / HTTP/1.1\r\nHost: x\r\n", wire.OpensRequest},
		{"\r\n\r\nGET / HTTP/1.0\n", wire.OpensRequest},
		{"get_it //a b?c HTTP/1.1 \r\n", wire.OpensRequest},
		{"CONNECT x:443 HTTP/1.1\r\n", wire.OpensRequest},
		{"M-SEARCH * HTTP/1.1\r\n", wire.OpensRequest},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", wire.OpensRequest},
		{"GET /" + strings.Repeat("x", 4091), wire.OpensRequest},
		{"GET /" + strings.Repeat("x", 4090), wire.OpensUnclear},
		{"GET /" + strings.Repeat("x", 100), wire.OpensUnclear},
		{"GE", wire.OpensUnclear},
		{"GET / HTTP/1.1", wire.OpensUnclear},
		{"HTTP/1.1 200 OK\r\n", wire.OpensResponse},
		{"HTTP/1.0", wire.OpensResponse},
		{"HTTP/", wire.OpensUnclear},
		{"http/1.1 200 OK\r\n", wire.OpensResponse},
		{"HTTP/2.0  200 OK\r\n", wire.OpensResponse},
		{"HTTP/2\t200 OK\r\n", wire.OpensResponse},
		{"ICY 200 OK\r\n", wire.OpensResponse},
		{"ICY ", wire.OpensUnclear},
		{"http/1.1", wire.OpensUnclear},
		{"HTTP/2 is a protocol\r\n", wire.OpensNothing},
		{"HTTP/2\n", wire.OpensNothing},
		{"HTTP/2.................. 200 OK\r\n", wire.OpensNothing},
		{"ICY cold\r\n", wire.OpensNothing},
		{"ICYX 200 OK\r\n", wire.OpensNothing},
		{"GET / http/1.1\r\n", wire.OpensRequest},
		{"GET\t/\tHTTP/1.1\r\n", wire.OpensRequest},
		{"GET / HTTP/2\r\n", wire.OpensRequest},
		{"word\tother\tHTTP/1.1\r\n", wire.OpensNothing},
		{"GET /\r\n", wire.OpensNothing},
		{"GET / HTTP/1.1~\r\n", wire.OpensNothing},
		{"~HTTP/1.1 200 OK\r\n", wire.OpensNothing},
		{strings.Repeat("A", 32) + " / HTTP/1.1\r\n", wire.OpensRequest},
		{strings.Repeat("A", 32), wire.OpensUnclear},
		{"GET / HTTP/1.1 \r \r\n", wire.OpensRequest},
		{"word x HTTP/x\r\n", wire.OpensNothing},
		{"word x HTTP/1.x\r\n", wire.OpensRequest},
		{"word x HTTP/1:1\r\n", wire.OpensNothing},
		{"HTTP/1.1\r\n", wire.OpensResponse},
		{"GET /\x7f", wire.OpensUnclear},
		{"GET /\x1f", wire.OpensNothing},
		{"GET\t/", wire.OpensUnclear},
		{"GET /\r", wire.OpensUnclear},
		{"GET,/", wire.OpensNothing},
		{"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", wire.OpensNothing},
		{"EHLO example.org\r\n", wire.OpensNothing},
		{"220 mail.example.org ESMTP\r\n", wire.OpensNothing},
		{"OPTIONS rtsp://x RTSP/1.0\r\n", wire.OpensNothing},
		{"INVITE sip:x SIP/2.0\r\n", wire.OpensNothing},
		{"*1\r\n$4\r\nPING\r\n", wire.OpensNothing},
		{"\x16\x03\x01\x02\x00\x01\x00", wire.OpensRequest},
		{"\x16\x03\x03\x02\x00\x02\x00", wire.OpensResponse},
		{"\x16\x03\x01\x02\x00\x01", wire.OpensUnclear},
		{"\x16\x03\x01\x02\x00\x0b\x00", wire.OpensNothing},
		{"\x16\x05\x01", wire.OpensNothing},
		{"\x17\x03\x03\x00\x20", wire.OpensNothing},
		{"\x00\x00\x00\x01", wire.OpensUnclear},
		{"\x00\x00\x00\x0a", wire.OpensNothing},
		{lateRequest, wire.OpensRequest},
		{lateAnswer, wire.OpensResponse},
		{lateFrames, wire.OpensGreeting},
		{lateFrames[:26], wire.OpensUnclear},
		{lateFrames[:17] + "\x01" + lateFrames[18:], wire.OpensNothing},
		{"\x00\x00\x06\x04", wire.OpensGreeting},
		{" GET / HTTP/1.1\r\n", wire.OpensNothing},
		{"GET /\x00/ HTTP/1.1", wire.OpensNothing},
		{strings.Repeat("A", 33), wire.OpensNothing},
		{"PROXY TCP4 192.0.2.1", wire.OpensUnclear},
		{proxyLine, wire.OpensUnclear},
		{proxyLine + "GET / HTTP/1.1\r\n", wire.OpensRequest},
		{proxyLine + "not HTTP\r\n", wire.OpensNothing},
		{proxyLine + "\x16\x03\x01", wire.OpensUnclear},
		{proxyLine + "\x17\x03\x01", wire.OpensNothing},
		{strings.Repeat(proxyLine, maxDepth) + "GET / HTTP/1.1\r\n", wire.OpensRequest},
		{strings.Repeat(proxyLine, maxDepth+1) + "GET / HTTP/1.1\r\n", wire.OpensNothing},
		{proxyLine + "\x05\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50GET / HTTP/1.1\r\n", wire.OpensRequest},
		{"\x05\x01\x00", wire.OpensUnclear},
		{"\x05\x00\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50HTTP/1.1 200 OK\r\n", wire.OpensResponse},
		{"\x05\x00\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50\x00\x00\x06\x04", wire.OpensGreeting},
		{"\x05\x00\x05\x00\x00\x02", wire.OpensNothing},
	} {
		if got := Recognize([]byte(c.b)); got != c.want {
			t.Errorf("%.40q: got %v, want %v", c.b, got, c.want)
		}
	}
}

// TestOpeningBeginnings has every beginning of what is recognised: too few bytes
// must never be taken for something else.
func TestOpeningBeginnings(t *testing.T) {
	for _, s := range []string{"GET / HTTP/1.1\r\n", "\r\nPUT /x?y z HTTP/1.1 \r\n", "HTTP/1.1 200 OK\r\n", "PRI * HTTP/2.0\r\n",
		"http/1.1 200 OK\r\n", "HTTP/2 \t200 OK\r\n", "ICY  200 OK\r\n", "GET\t/a\tHTTP/1\r\n"} {
		want := opening([]byte(s))
		for n := range s {
			if got := opening([]byte(s[:n])); got != wire.OpensUnclear && got != want {
				t.Errorf("%q: got %v", s[:n], got)
			}
		}
	}
}

// TestLooks tells what begins a connection inside of another.
func TestLooks(t *testing.T) {
	names := map[content.Looks]string{content.TooFew: "too few", content.Yes: "yes", content.No: "no"}
	for _, c := range []struct{ b, client, server string }{
		{"", "too few", "too few"},
		{"PROXY TC", "too few", "no"},
		{"\r\n\r\n", "too few", "no"},
		{proxyLine, "yes", "no"},
		{proxyLine + "\x00", "yes", "no"},
		{"GET / HTTP/1.1", "too few", "no"},
		{"GET / HTTP/1.1\r\n", "yes", "no"},
		{"HTTP/1", "no", "too few"},
		{"HTTP/1.1 200 OK\r\n", "no", "yes"},
		{"\x05\x01\x00", "no", "no"},
	} {
		d := New(new(wire.Conn), Options{}, func(wire.Event) {})
		for range maxDepth + 1 {
			client, server := names[d.Looks(wire.ToServer, []byte(c.b))], names[d.Looks(wire.ToClient, []byte(c.b))]
			want := [2]string{c.client, c.server}
			if d.depth() == 8 {
				want = [2]string{"no", "no"}
			}
			if client != want[0] || server != want[1] {
				t.Errorf("%q, %d deep: got %s, %s; want %v", c.b, d.depth(), client, server, want)
			}
			d = d.Nest(wire.Conn{Parent: wire.Parent{Conn: d.conn}}).(*child).Conn
		}
	}
}
