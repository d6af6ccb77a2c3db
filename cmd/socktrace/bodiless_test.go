//go:build unix

package main

import (
	"io"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestBodiless shows and records nothing of bodies and streams with --max-body 0,
// but how large they were; live, and of recordings that have all of them.
func TestBodiless(t *testing.T) {
	t.Parallel()
	const request = "POST /anything HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"distant\":\"words\"}"
	const response = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nContent-Length: 21\r\n\r\n" +
		"\x01\x00\x00\x00\x00\x00\x00\x0ddistant words"
	const text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\ndistant words"
	daemon := fakeDaemon(t, func(c net.Conn) {
		for _, answer := range []string{response, text} {
			if _, err := io.ReadFull(c, make([]byte, len(request))); err != nil {
				return
			}
			_, _ = io.WriteString(c, answer)
		}
	})
	dir := t.TempDir()
	all := filepath.Join(dir, "all.har")
	trace := func(args ...string) *listener {
		l := listenTo(t, daemon, args...)
		c := l.dial()
		for _, answer := range []string{response, text} {
			if _, err := io.WriteString(c, request); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(c, make([]byte, len(answer))); err != nil {
				t.Fatal(err)
			}
		}
		c.Close()
		await(t, "the end of the connection", func() bool { return strings.Contains(l.saved(), "close") })
		l.stop(syscall.SIGINT)
		return l
	}
	whole := trace("-f", "jsonl", "--har", all)
	for _, said := range []string{whole.saved(), strings.ReplaceAll(readFile(t, all), `\`, "")} {
		if !strings.Contains(said, "distant words") || !strings.Contains(said, "words\"}") {
			t.Fatalf("not even the whole has it: %s", said)
		}
	}
	har := filepath.Join(dir, "live.har")
	outputs := map[string]string{
		"live text": trace("-f", "text", "--max-body", "0").saved(), "live lines": trace("-f", "jsonl", "--max-body", "0", "--har", har).saved(),
	}
	outputs["live HAR"] = readFile(t, har)
	for _, from := range []string{all, whole.file} {
		for _, format := range []string{"text", "jsonl"} {
			to := filepath.Join(dir, "read.har")
			got := socktrace(t, nil, "read", "--max-body", "0", "-f", format, "--har", to, from).end()
			check(t, "status", got.status, "exit status 0")
			outputs[format+" of "+filepath.Base(from)], outputs["HAR of "+filepath.Base(from)] = got.out, readFile(t, to)
		}
	}
	for name, said := range outputs {
		if strings.Contains(said, "distant") || strings.Contains(said, "words") || strings.Contains(said, "(empty)") {
			t.Errorf("%s has something of a body:\n%s", name, said)
		}
		if !strings.Contains(said, "19") || !strings.Contains(said, "13") {
			t.Errorf("%s has no sizes:\n%s", name, said)
		}
	}
}
