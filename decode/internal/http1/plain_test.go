package http1

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func TestAnswersAndLooks(t *testing.T) {
	for _, c := range []struct{ b, answers, looksServer, looksClient string }{
		{"", "too few", "too few", "too few"},
		{"HTTP/1", "too few", "too few", "no"},
		{"HTTP/1.", "yes", "yes", "no"},
		{"HTTP/1.1 200 OK\r\n", "yes", "yes", "no"},
		{"HTTP/2", "too few", "no", "no"},
		{"HTTP/2 ", "too few", "no", "no"},
		{"HTTP/2 2", "yes", "no", "no"},
		{"HTTP/2 x", "no", "no", "no"},
		{"HTTP/2\r\n", "no", "no", "no"},
		{"HTTP/2\r\n2", "no", "no", "no"},
		{"HTTP/22222222222", "too few", "no", "no"},
		{"HTTP/222222222222", "no", "no", "no"},
		{"ICY", "too few", "no", "too few"},
		{"ICY 2", "yes", "no", "too few"},
		{"ICY x", "no", "no", "too few"},
		{"GET", "no", "no", "too few"},
		{"GET / HTTP/1.1", "no", "no", "too few"},
		{"GET / HTTP/1.1\r", "no", "no", "too few"},
		{"GET / HTTP/1.1\r\n", "no", "no", "yes"},
		{"GET / HTTP/1.1\n", "no", "no", "yes"},
		{"GET / HTTP/1.1\n\x00", "no", "no", "yes"},
		{"GET / HTTP/2\r\n", "no", "no", "no"},
		{"GET /\r\n", "no", "no", "no"},
		{"get / HTTP/1.1\r\n", "no", "no", "no"},
		{"GET\t/ HTTP/1.1\r\n", "no", "no", "no"},
		{"ANY / HTTP/1.1\r\n", "no", "no", "yes"},
		{"ANY /\x01", "no", "no", "no"},
		{"ANY /\xff", "no", "no", "no"},
		{"GET /" + strings.Repeat("x", 16379), "no", "no", "too few"},
		{"GET /" + strings.Repeat("x", 16380), "no", "no", "no"},
		{"GET /" + strings.Repeat("x", 16384) + " HTTP/1.1\r\n", "no", "no", "no"},
		{long(32) + " / HTTP/1.1\r\n", "no", "no", "yes"},
		{long(33) + " / HTTP/1.1\r\n", "no", "no", "no"},
	} {
		b := []byte(c.b)
		answers, server, client := looksNames[Answers(b)], looksNames[Looks(wire.ToClient, b)], looksNames[Looks(wire.ToServer, b)]
		if answers != c.answers || server != c.looksServer || client != c.looksClient {
			t.Errorf("%.40q: got %s, %s, %s", c.b, answers, server, client)
		}
	}
}
