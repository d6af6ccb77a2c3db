package otlp

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestNoCollector: what is no collector gets nothing twice, and is told for what it is.
func TestNoCollector(t *testing.T) {
	page := newCollector(t, func(w http.ResponseWriter, _ int) int {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!DOCTYPE html>")
		return 200
	})
	empty := newCollector(t, func(w http.ResponseWriter, _ int) int {
		w.Header().Set("Content-Type", "text/html")
		return 200
	})
	absent := newCollector(t, status(404))
	for _, tt := range []struct {
		url, says string
		want      Counts
	}{
		{page.URL, "200 with text/html, a page for people: no OTLP endpoint", Counts{Rejected: 1}},
		{empty.URL, "", Counts{Sent: 1}},
		{absent.URL, "answers 404 Not Found (has it a pipeline for them?)", Counts{Rejected: 1}},
		{speaksGRPC(t, "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x05\x00\x00\x40\x00"), "it speaks gRPC there: OTLP over HTTP is usually port 4318", Counts{Rejected: 1}},
		{speaksGRPC(t, "\x00\x00\x0c\x04\x00\x00\x00\x00\x00"), "it speaks gRPC there", Counts{Rejected: 1}},
	} {
		var says told
		e := exporterTo(t, tt.url, Options{Warn: says.warn}, nil)
		e.Span(spanNamed("a"))
		e.Close(long)
		equal(t, "counts", e.Counts(Traces), tt.want)
		if text := strings.Join(says.all, "\n"); !strings.Contains(text, tt.says) || tt.says == "" && text != "" {
			t.Errorf("told %q, not %q", text, tt.says)
		}
	}
	if isGRPC(errors.New(`malformed HTTP response "\x00\x00\x06\x04\x00\x00\x00\x00\x01"`)) {
		t.Error("a frame of a stream is no beginning")
	}
}

// speaksGRPC returns the address of what begins as a server of gRPC does, and ends at what
// is none of its clients.
func speaksGRPC(t *testing.T, begin string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = c.Read(make([]byte, 1)) // a request has begun
				_, _ = io.WriteString(c, begin)
				_ = c.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, c)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}
