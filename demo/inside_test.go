package demo

import (
	"context"
	"errors"
	"io"
	"net"
	"reflect"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// said is a connection of two requests with an answer each; the client begins with
// a pause, and ends in the middle of the second answer.
func said(first, second string) *transcript.Conn {
	return &transcript.Conn{Chunks: []transcript.Chunk{
		{At: 2 * time.Millisecond, Dir: wire.ToServer, Data: []byte(first)},
		{At: 5 * time.Millisecond, Dir: wire.ToClient, Data: []byte("answer")},
		{At: 9 * time.Millisecond, Dir: wire.ToServer, Data: []byte(second), EOF: true},
		{At: 10 * time.Millisecond, Dir: wire.ToClient, Data: []byte("last ")},
		{At: 12 * time.Millisecond, Dir: wire.ToClient, Data: []byte("answer"), EOF: true},
	}}
}

// TestTimes: who sends a chunk waits as long as in the recording, behind the chunk
// before it, and for what the other side had sent by then.
func TestTimes(t *testing.T) {
	rec := said("abc", "defg")
	var pauses []time.Duration
	var bytes []int
	for i := range rec.Chunks {
		pauses = append(pauses, pause(rec, i)/time.Millisecond)
		bytes = append(bytes, asked(rec, i))
	}
	if want := []time.Duration{2, 3, 4, 1, 2}; !reflect.DeepEqual(pauses, want) {
		t.Errorf("pauses of %d ms, want %d", pauses, want)
	}
	if want := []int{3, 3, 7, 7, 7}; !reflect.DeepEqual(bytes, want) {
		t.Errorf("%d bytes were asked, want %d", bytes, want)
	}
}

// TestFind: of several that fit the oldest is taken, and leaves the pool when no
// other does.
func TestFind(t *testing.T) {
	a, b, c := said("GET /a", "1"), said("GET /b", "2"), said("GET /b", "3")
	p := &pool{left: []*transcript.Conn{a, b, c}}
	for _, step := range []struct {
		sent string
		want *transcript.Conn
		own  bool
		left int
	}{
		{"GET ", a, false, 3}, {"POST", nil, false, 3}, {"GET /b", b, false, 3}, {"GET /b23", nil, false, 3}, {"GET /b3", c, true, 2},
		{"GET /b3", nil, false, 2}, {"GET /b", b, true, 1}, {"GET", a, true, 0}, {"GET", nil, false, 0},
	} {
		rec, own := p.find([]byte(step.sent))
		if rec != step.want || own != step.own || len(p.left) != step.left {
			t.Errorf("%q: %p, its own: %t, %d left; want %p, %t, %d", step.sent, rec, own, len(p.left), step.want, step.own, step.left)
		}
	}
	p = &pool{left: []*transcript.Conn{a, b, c}}
	if rec, own := p.find([]byte("GET /a")); rec != a || !own || p.left[0] != b || p.left[1] != c {
		t.Errorf("another one is gone: %v", p.left)
	}
}

// TestSleep ends with its context, and not before its time otherwise.
func TestSleep(t *testing.T) {
	if !sleep(t.Context(), time.Millisecond) {
		t.Error("it was woken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if sleep(ctx, time.Hour) {
		t.Error("it was not woken")
	}
}

// connected returns the two ends of a connection.
func connected(t *testing.T) (near, far *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	other, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []net.Conn{c, other} {
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(time.Minute))
	}
	return c.(*net.TCPConn), other.(*net.TCPConn)
}

// TestAnswer answers what is asked, as far as it is: with what was recorded, and
// with the end of it.
func TestAnswer(t *testing.T) {
	for _, test := range []struct{ ask, then, want string }{
		{"first", "second", "answerlast answer"},
		{"firstsecond", "", "answerlast answer"},
		{"first", "other", "answer"},
		{"other", "", ""},
	} {
		p := &pool{left: []*transcript.Conn{said("first", "second"), said("third", "fourth")}}
		near, far := connected(t)
		go func() {
			defer far.Close()
			p.answer(far)
		}()
		var got []byte
		if _, err := io.WriteString(near, test.ask); err != nil {
			t.Fatal(err)
		}
		if test.then != "" {
			got = make([]byte, len("answer"))
			if _, err := io.ReadFull(near, got); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(near, test.then); err != nil {
				t.Fatal(err)
			}
		}
		if test.want != "" { // who is not known is closed at once
			near.CloseWrite()
		}
		rest, err := io.ReadAll(near)
		if got = append(got, rest...); string(got) != test.want || err != nil {
			t.Errorf("%q: got %q, %v; want %q", test.ask+test.then, got, err, test.want)
		}
	}
}

// TestAsk says what the client did, each time behind what it had been answered, and
// tells why it could not.
func TestAsk(t *testing.T) {
	rec := said("first", "second")
	near, far := connected(t)
	asked := make(chan error, 1)
	go func() { asked <- ask(t.Context(), near, rec) }()
	for _, step := range []struct{ get, say string }{{"first", "answer"}, {"second", "last answer"}} {
		b := make([]byte, len(step.get))
		if _, err := io.ReadFull(far, b); string(b) != step.get || err != nil {
			t.Errorf("asked %q, %v; want %q", b, err, step.get)
		}
		if step.get == "second" {
			if _, err := far.Read(b); err != io.EOF {
				t.Errorf("behind the last request: %v", err)
			}
		}
		if _, err := io.WriteString(far, step.say); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-asked:
		t.Errorf("the client has hung up before the daemon: %v", err)
	default:
	}
	far.Close()
	if err := <-asked; err != nil {
		t.Error(err)
	}

	near, far = connected(t)
	go func() {
		io.ReadFull(far, make([]byte, len("first")))
		far.Close()
	}()
	if err := ask(t.Context(), near, rec); err == nil || err.Error() != "demo: read: EOF" {
		t.Errorf("without an answer: %v", err)
	}
	near.Close()
	if err := ask(t.Context(), near, rec); !errors.Is(err, net.ErrClosed) || err.Error()[:13] != "demo: write: " {
		t.Errorf("closed: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	late := said("first", "second")
	late.Chunks[0].At = time.Hour
	if err := ask(ctx, near, late); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// brokenListener accepts nobody.
type brokenListener struct{ net.Listener }

func (brokenListener) Accept() (net.Conn, error) { return nil, io.ErrUnexpectedEOF }

// TestServeFails tells why it cannot serve.
func TestServeFails(t *testing.T) {
	err := Session{Session: &transcript.Session{}}.Serve(brokenListener{})
	if err == nil || err.Error() != "demo: accept: unexpected EOF" {
		t.Errorf("got %v", err)
	}
}

// TestDialFails tells of each connection that there was none.
func TestDialFails(t *testing.T) {
	failed := errors.New("nobody is there")
	s := Session{Session: &transcript.Session{Conns: []*transcript.Conn{said("a", "b"), said("c", "d")}}}
	err := s.Ask(t.Context(), func() (net.Conn, error) { return nil, failed }, nil)
	if err == nil || err.Error() != "nobody is there\nnobody is there" {
		t.Errorf("got %v", err)
	}
}

// TestOneByte: a byte alone is asked, and answered.
func TestOneByte(t *testing.T) {
	rec := said("a", "b")
	rec.Chunks[1].Data, rec.Chunks[3].Data, rec.Chunks[4].Data = []byte("x"), []byte("y"), nil
	near, far := connected(t)
	p := &pool{left: []*transcript.Conn{rec}}
	go func() {
		defer far.Close()
		p.answer(far)
	}()
	asked := make(chan error, 1)
	heard := make(chan string, 1)
	go func() {
		var got []byte
		for _, text := range []string{"a", "b"} {
			b := make([]byte, 1)
			if err := send(near, transcript.Chunk{Data: []byte(text), EOF: text == "b"}); err != nil {
				asked <- err
				return
			}
			if _, err := io.ReadFull(near, b); err != nil {
				asked <- err
				return
			}
			got = append(got, b...)
		}
		heard <- string(got)
	}()
	select {
	case err := <-asked:
		t.Fatal(err)
	case got := <-heard:
		if got != "xy" {
			t.Errorf("heard %q", got)
		}
	}
}
