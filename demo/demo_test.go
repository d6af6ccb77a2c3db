package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// recordedSession returns the session that comes with the program.
func recordedSession(t *testing.T) Session {
	t.Helper()
	s, err := Recorded()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Conns) < 5 {
		t.Fatalf("only %d connections", len(s.Conns))
	}
	return s
}

// between stands between the client and the daemon, notes who says how much, in the
// order in which it comes, and lets some wait much longer than others.
type between struct {
	daemon net.Listener
	mu     sync.Mutex
	n      int // connections
	said   []string
}

// dial returns a connection to the daemon.
func (b *between) dial() (net.Conn, error) {
	client, err := net.Listen("unix", b.daemon.Addr().String()+"b")
	if err != nil {
		return nil, err
	}
	defer client.Close()
	near, err := net.Dial("unix", client.Addr().String())
	if err != nil {
		return nil, err
	}
	far, err := client.Accept()
	if err != nil {
		return nil, err
	}
	daemon, err := net.Dial("unix", b.daemon.Addr().String())
	if err != nil {
		return nil, err
	}
	b.n++
	go b.pass(b.n, '>', far.(*net.UnixConn), daemon.(*net.UnixConn))
	go b.pass(b.n, '<', daemon.(*net.UnixConn), far.(*net.UnixConn))
	return near, nil
}

func (b *between) pass(n int, dir rune, from, to *net.UnixConn) {
	buf := make([]byte, 1<<16)
	for {
		got, err := from.Read(buf)
		time.Sleep(time.Duration(n%3) * 2 * time.Millisecond)
		b.mu.Lock()
		if got > 0 || err == io.EOF {
			b.said = append(b.said, fmt.Sprintf("%d%c%d", n, dir, got))
		}
		b.mu.Unlock()
		if _, werr := to.Write(buf[:got]); err != nil || werr != nil {
			_ = to.CloseWrite()
			return
		}
	}
}

// TestPlay: what is heard in the middle is the recording, in its order, although the
// connections are of different speed; and the commands come before what they make.
func TestPlay(t *testing.T) {
	t.Parallel()
	s := recordedSession(t)
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	b := &between{daemon: l}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var typed []string
	begins := func(command string) { typed = append(typed, strings.Fields(command)[1]) }
	if err := s.Play(ctx, l, b.dial, begins); err != nil {
		t.Fatal(err)
	}
	if want := []string{"events", "version", "ps", "start", "run", "logs", "rm"}; !slices.Equal(typed, want) {
		t.Errorf("typed: %q; want %q", typed, want)
	}
	var want []string
	for _, step := range s.steps() {
		if step.chunk < 0 || step.chunk == len(step.conn.Chunks) {
			continue
		}
		n, ch := 1+slices.Index(s.Conns, step.conn), step.conn.Chunks[step.chunk]
		dir := map[wire.Dir]rune{wire.ToServer: '>', wire.ToClient: '<'}[ch.Dir]
		if len(ch.Data) > 0 {
			want = append(want, fmt.Sprintf("%d%c%d", n, dir, len(ch.Data)))
		}
		if ch.EOF {
			want = append(want, fmt.Sprintf("%d%c0", n, dir))
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	said := slices.Clone(b.said)
	for i, line := range want {
		if i >= len(said) {
			t.Fatalf("only %d of %d were said", len(said), len(want))
		}
		// What ends a connection that the other side has not ended is nobody's step.
		for said[i] != line && strings.HasSuffix(said[i], "0") && !slices.Contains(want[i:], said[i]) {
			if said = slices.Delete(said, i, i+1); i >= len(said) {
				t.Fatalf("%s was not said", line)
			}
		}
		if said[i] != line {
			t.Fatalf("%d was %s; want %s\n%v\n%v", i, said[i], line, said, want)
		}
	}
}

// TestOrder: what depends on another answer comes behind it.
func TestOrder(t *testing.T) {
	t.Parallel()
	var said []string
	for _, step := range recordedSession(t).steps() {
		if step.chunk < 0 || step.chunk == len(step.conn.Chunks) {
			continue
		}
		line, _, _ := strings.Cut(string(step.conn.Chunks[step.chunk].Data), "\r\n")
		said = append(said, line)
	}
	at := func(text string) int {
		i := slices.IndexFunc(said, func(line string) bool { return strings.Contains(line, text) })
		if i < 0 {
			t.Fatalf("%s is not said", text)
		}
		return i
	}
	order := []int{at("/containers/create"), at(" 201 Created"), at("/attach?"), at(" 101 "), at("/wait?"), at("/start HTTP"), at("DELETE ")}
	started := slices.IndexFunc(said[at("/wait?"):], func(line string) bool { return strings.Contains(line, "/start HTTP") })
	order[5] = at("/wait?") + started // the first is of another container
	if !slices.IsSorted(order) {
		t.Errorf("the order is %v", order)
	}
}

// piped is a connection within the process, of which an end can be closed by half.
type piped struct {
	r *io.PipeReader
	w *io.PipeWriter
	net.Conn
}

func (p piped) Read(b []byte) (int, error)  { return p.r.Read(b) }
func (p piped) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p piped) CloseWrite() error           { return p.w.Close() }
func (p piped) Close() error                { p.r.Close(); return p.w.Close() }

// inside is a listener within the process.
type inside struct {
	net.Listener
	conns chan net.Conn
}

func newInside() inside { return inside{conns: make(chan net.Conn, 1)} }

func (l inside) Accept() (net.Conn, error) {
	c, ok := <-l.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l inside) Close() error { close(l.conns); return nil }

// dial returns a connection to the listener.
func (l inside) dial() (net.Conn, error) {
	client, daemon := pipe()
	l.conns <- daemon
	return client, nil
}

// pipe returns the ends of a connection.
func pipe() (a, b piped) {
	ar, aw := io.Pipe()
	br, bw := io.Pipe()
	return piped{r: br, w: aw}, piped{r: ar, w: bw}
}

// TestPace: it takes as long as it took.
func TestPace(t *testing.T) {
	s := recordedSession(t)
	synctest.Test(t, func(t *testing.T) {
		l, began := newInside(), time.Now()
		if err := s.Play(t.Context(), l, l.dial, func(string) {}); err != nil {
			t.Fatal(err)
		}
		steps := s.steps()
		if took, want := time.Since(began), steps[len(steps)-1].at; took != want {
			t.Errorf("it took %s; want %s", took, want)
		}
	})
}

// said is a session of one connection, on which the client says something.
func said(text string) Session {
	c := &transcript.Conn{Start: time.Millisecond, Chunks: []transcript.Chunk{{At: time.Millisecond, Dir: wire.ToServer, Data: []byte(text), EOF: true}}}
	return Session{Session: &transcript.Session{Conns: []*transcript.Conn{c}}}
}

// altered is a connection that says something else.
type altered struct {
	piped
	text string
}

func (a altered) Write(b []byte) (int, error) {
	_, err := a.piped.Write([]byte(a.text))
	return len(b), err
}

// TestPlayFails says why it could not go on.
func TestPlayFails(t *testing.T) {
	for text, want := range map[string]string{
		"hello": "<nil>", "hullo": `demo: read "hullo"; "hello" was sent`, "hell": "demo: read: unexpected EOF", "hello!": "demo: read: no end",
	} {
		l := newInside()
		dial := func() (net.Conn, error) {
			c, err := l.dial()
			return altered{c.(piped), text}, err
		}
		if err := said("hello").Play(t.Context(), l, dial, nil); fmt.Sprint(err) != want {
			t.Errorf("%s: %v; want %s", text, err, want)
		}
	}
	refused := func() (net.Conn, error) { return nil, errors.New("refused") }
	if err := said("hello").Play(t.Context(), newInside(), refused, nil); fmt.Sprint(err) != "demo: refused" {
		t.Error(err)
	}
}

// interrupting is a connection that nothing is written to: it interrupts instead.
type interrupting struct {
	piped
	end func()
}

func (i interrupting) Write(b []byte) (int, error) { i.end(); return len(b), nil }

// TestInterrupted ends the session before it begins, while the client waits for the
// daemon, and while it talks to it.
func TestInterrupted(t *testing.T) {
	cause := errors.New("enough")
	for name, dial := range map[string]func(l inside, end func()) (net.Conn, error){
		"before": nil,
		"waiting": func(_ inside, end func()) (net.Conn, error) {
			end()
			client, _ := pipe()
			return client, nil
		},
		"talking": func(l inside, end func()) (net.Conn, error) {
			c, err := l.dial()
			return interrupting{c.(piped), end}, err
		},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		if dial == nil {
			cancel(cause)
			dial = func(inside, func()) (net.Conn, error) {
				t.Error("dialled after the interrupt")
				return nil, net.ErrClosed
			}
		}
		l := newInside()
		err := said("hello").Play(ctx, l, func() (net.Conn, error) { return dial(l, func() { cancel(cause) }) }, nil)
		if err != cause {
			t.Errorf("%s: %v; want %v", name, err, cause)
		}
		cancel(nil)
	}
}

// TestCommands: each is at the first connection that it made, in the order of time.
func TestCommands(t *testing.T) {
	t.Parallel()
	s := recordedSession(t)
	var got []string
	for _, c := range s.Conns {
		if command := s.Commands[c]; command != "" {
			sent := c.Bytes(wire.ToServer)
			got = append(got, strings.Fields(command)[1]+" "+strings.Fields(string(sent[bytes.Index(sent, []byte("\r\n\r\n"))+4:]))[1])
		}
	}
	want := []string{"events /v1.41/events", "version /v1.41/version", "ps /v1.41/containers/json?all=1", "start /v1.41/containers/web/start",
		"run /v1.41/containers/create?name=demo", "logs /v1.41/containers/demo/json", "rm /v1.41/containers/demo"}
	if !slices.Equal(got, want) || len(s.Commands) != len(want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
