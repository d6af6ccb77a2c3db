package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
)

// patience is how long a test waits for what must happen; only a failure uses it up.
const patience = 20 * time.Second

// scripted returns the script of a transcript.
func scripted(t testing.TB, text string) *Script {
	t.Helper()
	s, err := scriptOf(text, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func scriptOf(text string, o ReadOptions) (*Script, error) {
	session, err := transcript.Parse("test", []byte(text))
	if err != nil {
		return nil, err
	}
	r := newReader(o, func() {})
	for i, c := range session.Conns {
		conn := c.Wire(i+1, time.Unix(1000, 0))
		c.Play(conn, r.tap(conn))
	}
	return r.finish()
}

// exchangeText returns the transcript of a connection with one exchange after the other: each
// is a request, as its line and its body, and an answer.
func exchangeText(pairs ...string) string {
	var b strings.Builder
	b.WriteString("conn\n")
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, "> +1ms %q\n< +1ms %q\n", asRequest(pairs[i]), asAnswer(pairs[i+1]))
	}
	b.WriteString("close\n")
	return b.String()
}

// asRequest returns a request: "POST /x" or "POST /x {…}".
func asRequest(text string) string {
	parts := strings.SplitN(text, " ", 3)
	head := parts[0] + " " + parts[1] + " HTTP/1.1\r\nHost: d\r\n"
	if len(parts) < 3 {
		return head + "\r\n"
	}
	return fmt.Sprintf("%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", head, len(parts[2]), parts[2])
}

// asAnswer returns an answer: "204" or "200 {…}".
func asAnswer(text string) string {
	status, body, _ := strings.Cut(text, " ")
	if status == "204" {
		return "HTTP/1.1 204 No Content\r\nApi-Version: 1.41\r\n\r\n"
	}
	return fmt.Sprintf("HTTP/1.1 %s X\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}

// daemon is a Server on a socket.
type daemon struct {
	*Server
	t      testing.TB
	socket string
	client *http.Client
	close  func()
}

// serving has a Server serve for the time of the test; that Close returns is a part of it.
func serving(t testing.TB, s *Script, o Options) *daemon {
	t.Helper()
	dir, err := os.MkdirTemp("", "st")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "d.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	srv := New(s, o)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	d := &daemon{Server: srv, t: t, socket: socket}
	d.client = &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", socket) },
	}}
	d.close = sync.OnceFunc(func() {
		d.client.CloseIdleConnections()
		within(t, "Close", func() { srv.Close() })
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(d.close)
	return d
}

// within fails if f does not return.
func within(t testing.TB, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("%s does not return", what)
	}
}

// ask returns the answer to a request, as its status and its body.
func (d *daemon) ask(text string) string {
	d.t.Helper()
	status, _, body := d.askFields(text)
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, body))
}

func (d *daemon) askFields(text string) (int, http.Header, string) {
	d.t.Helper()
	parts := strings.SplitN(text, " ", 3)
	var body io.Reader
	if len(parts) == 3 {
		body = strings.NewReader(parts[2])
	}
	r, err := http.NewRequest(parts[0], "http://d"+parts[1], body)
	if err != nil {
		d.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := d.client.Do(r)
	if err != nil {
		d.t.Fatalf("%s: %v", text, err)
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	if err != nil {
		d.t.Fatalf("%s: %v", text, err)
	}
	return got.StatusCode, got.Header, string(b)
}

// check asks, and compares the answer.
func (d *daemon) check(text, want string) {
	d.t.Helper()
	if got := d.ask(text); got != want {
		d.t.Errorf("%s:\ngot  %s\nwant %s", text, got, want)
	}
}

// checkMissed asks for what is not recorded, and compares the message.
func (d *daemon) checkMissed(text, want string) {
	d.t.Helper()
	got := d.ask(text)
	if !strings.HasPrefix(got, "501 ") || !strings.Contains(got, want) {
		d.t.Errorf("%s:\ngot  %s\nwant 501 and %s", text, got, want)
	}
}

// stream is a connection that speaks for itself.
type stream struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

func (d *daemon) dial(text string) *stream {
	d.t.Helper()
	c, err := net.Dial("unix", d.socket)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		d.t.Fatal(err)
	}
	s := &stream{Conn: c, t: d.t, r: bufio.NewReader(c)}
	s.say(text)
	return s
}

func (s *stream) say(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.Conn, text); err != nil {
		s.t.Fatal(err)
	}
}

// head returns the head of the answer.
func (s *stream) head() string {
	s.t.Helper()
	var b strings.Builder
	for {
		line, err := s.r.ReadString('\n')
		if err != nil {
			s.t.Fatalf("head: %v after %q", err, b.String())
		}
		b.WriteString(line)
		if line == "\r\n" {
			return b.String()
		}
	}
}

// hears fails unless text comes next.
func (s *stream) hears(text string) {
	s.t.Helper()
	b := make([]byte, len(text))
	n, err := io.ReadFull(s.r, b)
	if err != nil || string(b) != text {
		s.t.Fatalf("got %q (%v), want %q", b[:n], err, text)
	}
}

// ends fails unless nothing more comes.
func (s *stream) ends() {
	s.t.Helper()
	if b, err := io.ReadAll(s.r); err != nil || len(b) > 0 {
		s.t.Fatalf("behind the end: %q, %v", b, err)
	}
}

func (s *stream) halfClose() {
	s.t.Helper()
	if err := s.Conn.(*net.UnixConn).CloseWrite(); err != nil {
		s.t.Fatal(err)
	}
}

// frame returns text as a frame of a stream.
func frame(stream byte, text string) string {
	return string([]byte{stream, 0, 0, 0, 0, 0, byte(len(text) >> 8), byte(len(text))}) + text
}

// left waits until no request is served any more.
func (d *daemon) left() {
	d.t.Helper()
	within(d.t, "the client's leaving", d.busy.Wait)
}

// clockOf returns a time of n steps.
func clockOf(n int) time.Duration { return time.Duration(n) * time.Millisecond }
