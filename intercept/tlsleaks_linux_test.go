package intercept

import (
	"crypto/tls"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testca"
)

// TestTLSLeaksNothing leaves neither descriptors nor goroutines of connections with TLS,
// whether they went well or failed at any moment.
func TestTLSLeaksNothing(t *testing.T) {
	uncollected(t)
	known := held(t, nil, "socket:")
	before := runtime.NumGoroutine()
	ca := testca.New(t, "ca")
	t.Run("all", func(t *testing.T) {
		r := mutual(t, ca, tls.VersionTLS13, []string{"http/1.1"})
		mine := ca.Issue("alice", nil)
		good := &tls.Config{RootCAs: ca.Pool, ServerName: "localhost", Certificates: []tls.Certificate{mine}}
		for _, config := range []*tls.Config{
			good,
			{RootCAs: ca.Pool, ServerName: "localhost"}, // no certificate
			{ServerName: "localhost"},                   // does not trust us
			{RootCAs: ca.Pool, ServerName: "localhost", Certificates: good.Certificates, NextProtos: []string{"h2"}},
			nil,
		} {
			c, err := net.Dial("tcp", r.addr.Address)
			if err != nil {
				t.Fatal(err)
			}
			c.SetDeadline(time.Now().Add(patience))
			talk := c
			if config != nil {
				talk = tls.Client(c, config)
			}
			_, _ = io.WriteString(talk, "GET / HTTP/1.1\r\n\r\n")
			if config == good {
				read(t, talk, "GET /")
			} else {
				_, _ = io.ReadAll(talk)
			}
			c.Close()
			r.ended()
		}
	})
	deadline := time.Now().Add(patience)
	for {
		left, more := held(t, known, "socket:"), runtime.NumGoroutine()-before
		if len(left) == 0 && more <= 0 {
			return
		}
		if time.Now().After(deadline) {
			all := make([]byte, 1<<20)
			t.Fatalf("left: %v and %d goroutines\n%s", left, more, all[:runtime.Stack(all, true)])
		}
		time.Sleep(time.Millisecond)
	}
}
