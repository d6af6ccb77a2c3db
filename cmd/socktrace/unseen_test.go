//go:build unix

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestUnseen: bytes of a body pass by unseen only if no output asks for any of them, whatever
// taps are in between.
func TestUnseen(t *testing.T) {
	const size = 1 << 20
	dir := t.TempDir()
	for _, c := range []struct {
		name string
		set  func(*options)
		typ  string
		want int64
	}{
		{"quiet", func(o *options) {}, "application/x-tar", size - 1000},
		{"counted", func(o *options) { o.otlp.serve = "127.0.0.1:0" }, "application/x-tar", size - 1000},
		{"audited", func(o *options) { o.audit.file = filepath.Join(dir, "audit") }, "application/octet-stream", size - 1000},
		{"only heads", func(o *options) { o.quiet, o.format, o.events = false, "jsonl", []string{"request", "response"} }, "application/x-tar", size - 1000},
		{"files are counted", func(o *options) { o.stats = true }, "application/x-tar", 0},
		{"in text", func(o *options) { o.quiet, o.format = false, "text" }, "text/plain", 0},
		{"in HAR", func(o *options) { o.har = filepath.Join(dir, "h.har") }, "application/octet-stream", 0},
		{"in pcapng", func(o *options) { o.pcapng = filepath.Join(dir, "p.pcapng") }, "application/octet-stream", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOptions()
			o.quiet, o.output = true, filepath.Join(dir, "out")
			c.set(o)
			tr, err := newTrace(context.Background(), o, source{}, std{err: newMessages(new(syncBuffer))})
			if err != nil {
				t.Fatal(err)
			}
			defer tr.recorders.close(new(syncBuffer))
			conn := &wire.Conn{ID: 1}
			tap := tr.tap(conn)
			check(t, "before anything", wire.Passes(tap, wire.ToServer), 0)
			say := func(dir wire.Dir, text string) {
				tap.Chunk(wire.Chunk{Conn: conn, Dir: dir, Data: []byte(text)})
			}
			path := "/v1.41/images/x/get"
			if c.typ != "application/x-tar" {
				path = "/v2/x/blobs/sha256:1"
			}
			say(wire.ToServer, "GET "+path+" HTTP/1.1\r\nHost: d\r\n\r\n")
			say(wire.ToClient, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", c.typ, size))
			check(t, "before the body", wire.Passes(tap, wire.ToClient), 0)
			byteOf := "\x00"
			if c.typ == "text/plain" {
				byteOf = "x"
			}
			say(wire.ToClient, strings.Repeat(byteOf, 1000))
			check(t, "in the body", wire.Passes(tap, wire.ToClient), c.want)
		})
	}
}
