//go:build unix

package main

import (
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReadMasked offers to show secrets only of a file that has them.
func TestReadMasked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := listenTo(t, fakeDaemon(t, func(c net.Conn) {
		buf := make([]byte, 4096)
		if _, err := c.Read(buf); err == nil {
			_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
		}
	}), "--har", filepath.Join(dir, "x.har"), "--pcapng", filepath.Join(dir, "x.pcapng"), "-f", "jsonl")
	c := l.dial()
	if _, err := c.Write([]byte("GET /_ping HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + secret("masked") + "\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 4096)); err != nil {
		t.Fatal(err)
	}
	c.Close()
	await(t, "the end of the connection", func() bool { return strings.Contains(l.saved(), `"event":"close"`) })
	l.stop(syscall.SIGINT)
	const masked = "socktrace: masked, in so many exchanges: request.headers.Authorization "
	for files, want := range map[string]string{
		"x.har":          masked + "(1) (already when it was recorded)\n",
		"x.jsonl":        masked + "(1) (already when it was recorded)\n",
		"x.pcapng":       masked + "(1) (--show-secrets shows them)\n",
		"x.har x.pcapng": masked + "(2) (--show-secrets shows them)\n",
	} {
		args := []string{"read", "-f", "jsonl"}
		for _, name := range strings.Fields(files) {
			file := filepath.Join(dir, name)
			if name == "x.jsonl" {
				file = l.file
			}
			args = append(args, file)
		}
		got := socktrace(t, nil, args...).end()
		if !strings.HasSuffix(got.err, want) || strings.Contains(got.out, secret("masked")) {
			t.Errorf("%s: %s\nwant %s", files, got.err, want)
		}
	}
}
