package pcap

import (
	"strings"
	"testing"
)

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		b    string
		want verdict
	}{
		{"", tooFew},
		{"GET / HTTP/1.1\r\nHost: x\r\n", isRequest},
		{"\r\n\r\nGET / HTTP/1.0\n", isRequest},
		{"get_it //a b?c HTTP/1.1 \r\n", isRequest},
		{"CONNECT x:443 HTTP/1.1\r\n", isRequest},
		{"M-SEARCH * HTTP/1.1\r\n", isRequest},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", isRequest},
		{"GET /" + strings.Repeat("x", longLine), isRequest},
		{"GET /" + strings.Repeat("x", 100), tooFew},
		{"GE", tooFew},
		{"GET / HTTP/1.1", tooFew},
		{"HTTP/1.1 200 OK\r\n", isResponse},
		{"HTTP/1.0", isResponse},
		{"HTTP/", tooFew},
		{"GET /\r\n", notHTTP},
		{"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", notHTTP},
		{"EHLO example.org\r\n", notHTTP},
		{"220 mail.example.org ESMTP\r\n", notHTTP},
		{"OPTIONS rtsp://x RTSP/1.0\r\n", notHTTP},
		{"INVITE sip:x SIP/2.0\r\n", notHTTP},
		{"*1\r\n$4\r\nPING\r\n", notHTTP},
		{"\x16\x03\x01\x02\x00\x01", notHTTP},
		{"\x00\x00\x00\x01", notHTTP},
		{" GET / HTTP/1.1\r\n", notHTTP},
		{"GET /\x00/ HTTP/1.1", notHTTP},
		{strings.Repeat("A", 33), notHTTP},
	} {
		if got := sniff([]byte(c.b)); got != c.want {
			t.Errorf("%.40q: got %v, want %v", c.b, got, c.want)
		}
	}
}

// TestSniffBeginnings has every beginning of what is recognised: too few bytes
// must never be taken for something else.
func TestSniffBeginnings(t *testing.T) {
	for _, s := range []string{"GET / HTTP/1.1\r\n", "\r\nPUT /x?y z HTTP/1.1 \r\n", "HTTP/1.1 200 OK\r\n", "PRI * HTTP/2.0\r\n"} {
		want := sniff([]byte(s))
		for n := range s {
			if got := sniff([]byte(s[:n])); got != tooFew && got != want {
				t.Errorf("%q: got %v", s[:n], got)
			}
		}
	}
}

func TestIsSettings(t *testing.T) {
	for b, want := range map[string]bool{
		"": true, "\x00": true, "\x00\x00\x12": true, "\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03": true,
		"\x00\x00\x11": false, "\x00\x01": false, "\x00\x00\x12\x01": false, "\x00\x00\x12\x04\x01": false, "\x16\x03": false,
	} {
		if got := isSettings([]byte(b)); got != want {
			t.Errorf("%q: got %v", b, got)
		}
	}
}
