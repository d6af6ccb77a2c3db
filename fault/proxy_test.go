//go:build unix

package fault

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/testpeer"
	"github.com/socktrace/socktrace/wire"
)

// patience is how long a test waits for what must happen; only a failure uses it up.
const patience = 20 * time.Second

// rig is a daemon, and a proxy in front of it that has a plan.
type rig struct {
	t      *testing.T
	plan   *Plan
	addr   intercept.Addr
	stop   context.CancelFunc
	served chan error

	mu       sync.Mutex
	got      bytes.Buffer // by the daemon, of all connections
	requests int          // that the daemon has read
	events   []wire.Event
	came     chan struct{} // something of the above did
	ended    chan error    // why connections did
}

// each runs a test over unix sockets and over TCP.
func each(t *testing.T, test func(t *testing.T, start func(rules ...string) *rig)) {
	for _, network := range []string{"unix", "tcp"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			test(t, func(texts ...string) *rig { return newRig(t, network, texts...) })
		})
	}
}

func newRig(t *testing.T, network string, texts ...string) *rig {
	t.Helper()
	r := &rig{t: t, plan: NewPlan(1, rules(t, texts...)...), served: make(chan error, 1), came: make(chan struct{}, 1), ended: make(chan error, 100)}
	dir, err := os.MkdirTemp("", "st")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	at := func(name string) intercept.Addr {
		if network == "unix" {
			return intercept.Addr{Network: "unix", Address: filepath.Join(dir, name)}
		}
		return intercept.Addr{Network: "tcp", Address: "127.0.0.1:0"}
	}
	back, err := net.Listen(network, at("back").Address)
	if err != nil {
		t.Fatal(err)
	}
	testpeer.Serve(t, back, r.daemon)
	front, err := intercept.Listen(at("front"), intercept.ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r.addr = front.Local()
	var conns sync.Map
	p := &intercept.Proxy{
		Listener: front, Upstream: intercept.Upstream{Addr: intercept.Addr{Network: network, Address: back.Addr().String()}},
		Meddle: func(c *wire.Conn) intercept.Meddler {
			m := r.plan.Of(c)
			conns.Store(c, m)
			return m
		},
		Tap: func(c *wire.Conn) wire.Tap {
			m, _ := conns.LoadAndDelete(c)
			d := decode.New(c, decode.Options{Needs: r.plan.Needs().Union(wire.Needs{Body: 1 << 10, Keeps: true})}, func(ev wire.Event) {
				m.(*Conn).Event(ev)
				r.see(func() { r.events = append(r.events, wire.Clone(ev)) })
			})
			return ending{d, r.ended}
		},
	}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	go func() { r.served <- p.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-r.served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return r
}

// ending tells why a connection has ended.
type ending struct {
	wire.Tap
	why chan error
}

func (e ending) End(at time.Time, err error) {
	e.Tap.End(at, err)
	e.why <- err
}

// see notes something, and wakes up who waits for it.
func (r *rig) see(f func()) {
	r.mu.Lock()
	f()
	r.mu.Unlock()
	select {
	case r.came <- struct{}{}:
	default:
	}
}

// await waits until something holds.
func (r *rig) await(what string, holds func() bool) {
	r.t.Helper()
	late := time.After(patience)
	for {
		r.mu.Lock()
		is := holds()
		r.mu.Unlock()
		if is {
			return
		}
		select {
		case <-r.came:
		case <-late:
			r.t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// Write notes what the daemon gets.
func (r *rig) Write(b []byte) (int, error) {
	r.see(func() { r.got.Write(b) })
	return len(b), nil
}

// toDaemon returns what the daemon has got.
func (r *rig) toDaemon() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got.String()
}

// big is the body that the daemon has at /big, and stream what it sends after an upgrade.
var big = strings.Repeat("0123456789abcdef", 4096)

// daemon answers requests with their target; /big with much, chunked; /attach with a stream.
func (r *rig) daemon(c net.Conn) {
	in := bufio.NewReader(io.TeeReader(c, r))
	for {
		q, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if q.Header.Get("Expect") != "" {
			_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n")
		}
		_, _ = io.Copy(io.Discard, q.Body)
		r.see(func() { r.requests++ })
		switch q.URL.Path {
		case "/big":
			_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(big), big)
		case "/attach":
			_, _ = io.WriteString(c, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"+big)
			_, _ = io.Copy(struct{ io.Writer }{c}, in)
			return
		default:
			_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(q.RequestURI), q.RequestURI)
		}
	}
}

// client is a connection to the proxy.
type client struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

func (r *rig) dial() *client {
	r.t.Helper()
	c, err := net.Dial(r.addr.Network, r.addr.Address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return &client{c, r.t, bufio.NewReader(c)}
}

// send sends requests as they are.
func (c *client) send(text string) *client {
	c.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatalf("send %.40q: %v", text, err)
	}
	return c
}

// answer reads an answer to a request with method; its body may be cut short.
func (c *client) answer(method string) (status int, body string, fault string, err error) {
	c.t.Helper()
	a, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		return 0, "", "", err
	}
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, string(b), a.Header.Get(Field), err
}

// expect reads an answer and compares.
func (c *client) expect(method string, status int, body, fault string) {
	c.t.Helper()
	s, b, f, err := c.answer(method)
	if err != nil || s != status || b != body || f != fault {
		c.t.Fatalf("got %d %q %q %v; want %d %q %q", s, b, f, err, status, body, fault)
	}
}

// ends expects the end of the connection, in order.
func (c *client) ends() {
	c.t.Helper()
	if b, err := io.ReadAll(c.in); err != nil || len(b) > 0 {
		c.t.Fatalf("got %.40q, %v; want the end", b, err)
	}
}

func get(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: d\r\n\r\n" }

func post(target, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: d\r\nContent-Length: %d\r\n\r\n%s", target, len(body), body)
}

func chunked(target, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n%x\r\n%s\r\n0\r\nT: x\r\n\r\n", target, len(body), body)
}

const (
	start  = "/v1.51/containers/web/start"
	noRoom = "{\"message\":\"no space left\"}\n"
	ours   = "ContainerStart: 500"
)

// TestAnswer: a request is answered in the daemon's place, whatever it carries; the connection is
// kept, and what is around it gets to the daemon as it was.
func TestAnswer(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		large := strings.Repeat("x", 3<<20)
		for name, faulty := range map[string]string{
			"no body": "POST " + start + " HTTP/1.1\r\nHost: d\r\n\r\n",
			"empty":   post(start, ""), "body": post(start, "{}"), "large": post(start, large),
			"chunked": chunked(start, "{}"), "large and chunked": chunked(start, large),
		} {
			r := newRig(`ContainerStart: 500 "no space left" x2`)
			c := r.dial()
			around := []string{post("/a", "1"), chunked("/b", "2"), get("/c")}
			for i, other := range around[:2] {
				c.send(other).expect("POST", 200, []string{"/a", "/b"}[i], "")
				c.send(faulty).expect("POST", 500, noRoom, ours)
			}
			c.send(around[2]).expect("GET", 200, "/c", "")
			c.Close()
			if err := <-r.ended; err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if got := r.toDaemon(); got != strings.Join(around, "") {
				t.Errorf("%s: the daemon got %.300q", name, got)
			}
			if n := r.plan.held.Load(); n != 0 {
				t.Errorf("%s: %d bytes are held", name, n)
			}
		}
	})
}

// TestAnswerTraced: the answer is in the trace as it was sent.
func TestAnswerTraced(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig(`ContainerStart: 409 "no"`)
		c := r.dial()
		c.send(post(start, "{}")).expect("POST", 409, "{\"message\":\"no\"}\n", "ContainerStart: 409")
		c.Close()
		<-r.ended
		for _, ev := range r.events {
			if a, is := ev.(*wire.Response); is && a.Exchange == 1 && a.Status == 409 && wire.FieldValue(a.Fields, Field) == "ContainerStart: 409" {
				return
			}
		}
		t.Errorf("it is not in %v", r.events)
	})
}

// TestPieces: it does not matter how a request is cut; what is not whole yet is held, and goes
// on in the end.
func TestPieces(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig(`ContainerStart: 500 "no space left"`)
		c := r.dial()
		all := post("/a", "1") + post(start, "{}") + get("/c")
		for i := range all {
			c.send(all[i : i+1])
		}
		c.expect("POST", 200, "/a", "")
		c.expect("POST", 500, noRoom, ours)
		c.expect("GET", 200, "/c", "")
		c.send("GET /d HTTP/1.1\r\nHo") // it ends within
		_ = c.Conn.(interface{ CloseWrite() error }).CloseWrite()
		c.ends()
		if got, want := r.toDaemon(), post("/a", "1")+get("/c")+"GET /d HTTP/1.1\r\nHo"; got != want {
			t.Errorf("the daemon got %q, want %q", got, want)
		}
	})
}

// TestPipelined: answers come in the order of the requests, whoever gives them.
func TestPipelined(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig(`ContainerStart: 500 "no space left"`)
		c := r.dial()
		var all strings.Builder
		for i := range 20 {
			all.WriteString(get(fmt.Sprintf("/%d", i)) + post(start, "{}") + get("/big"))
		}
		go func() { _, _ = io.WriteString(c, all.String()) }()
		for i := range 20 {
			c.expect("GET", 200, fmt.Sprintf("/%d", i), "")
			c.expect("POST", 500, noRoom, ours)
			c.expect("GET", 200, big, "")
		}
	})
}

// TestOtherAnswers: of HEAD there is no body; who wants the connection closed, or waits before
// it sends its body, or asks for another protocol, has it closed behind the answer.
func TestOtherAnswers(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig(`/_ping: 503 "away"`, `ContainerStart: 500 "no space left"`, `ContainerAttach: 304`)
		c := r.dial()
		c.send("HEAD /_ping HTTP/1.1\r\nHost: d\r\n\r\n").expect("HEAD", 503, "", "/_ping: 503")
		c.send(get("/a")).expect("GET", 200, "/a", "")
		for request, status := range map[string]int{
			"POST " + start + " HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n":                                500,
			"POST " + start + " HTTP/1.0\r\n\r\n":                                                                500,
			"POST " + start + " HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n":        500,
			"POST /containers/web/attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n":     304,
			"POST /v1.51/containers/web/attach?stream=1 HTTP/1.1\r\nHost: d\r\nContent-Type: text/plain\r\n\r\n": 304,
		} {
			c := r.dial()
			if s, _, _, err := c.send(request).answer("POST"); s != status || err != nil {
				t.Errorf("%q: %d, %v", request, s, err)
			}
			c.ends()
		}
		if got := r.toDaemon(); got != get("/a") {
			t.Errorf("the daemon got %q", got)
		}
	})
}

// TestAnswerToUpgrade is closed without a word of it, as daemons do: the docker CLI 20.10 takes
// another one for the stream that it has asked for.
func TestAnswerToUpgrade(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		c := newRig(`ContainerAttach: 404 "gone"`).dial()
		c.send("POST /containers/web/attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
		got, err := io.ReadAll(c.in)
		if text := strings.ToLower(string(got)); err != nil || !strings.HasPrefix(text, "http/1.1 404 ") || strings.Contains(text, "connection:") {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestLargeHead: of a head that is too large to be held the daemon never gets the end.
func TestLargeHead(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig(`ContainerStart: 500 "no space left"`)
		c := r.dial()
		c.send("POST " + start + " HTTP/1.1\r\nHost: d\r\nX-Long: " + strings.Repeat("x", maxHead))
		r.await("its beginning", func() bool { return r.got.Len() > maxHead })
		c.send("\r\n\r\n").expect("POST", 500, noRoom, ours)
		c.ends()
		if strings.Contains(r.toDaemon(), "\r\n\r\n") {
			t.Error("the daemon got it")
		}
	})
}

// TestDelay: the request goes on later, as it was, and is answered by the daemon. An end does not
// wait for it.
func TestDelay(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig(`ContainerStart: delay 30ms x1`, "ContainerStart: delay 10h")
		c := r.dial()
		began := time.Now()
		c.send(post(start, "{}")).expect("POST", 200, start, "")
		if took := time.Since(began); took < 30*time.Millisecond {
			t.Errorf("it took %s", took)
		}
		c.send(get("/a") + post(start, "{}"))
		c.expect("GET", 200, "/a", "")
		r.await("the second", func() bool { return r.plan.Counts()[1].Applied == 1 })
		if got, want := r.toDaemon(), post(start, "{}")+get("/a"); got != want {
			t.Errorf("the daemon got %q, want %q", got, want)
		}
		r.stop()
		if _, err := io.ReadAll(c.in); err != nil && !errors.Is(err, syscall.ECONNRESET) {
			t.Error(err)
		}
	})
}

// TestCut: so many bytes come of an answer, be it a body or a stream; another one is whole.
func TestCut(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		for _, after := range []int{0, 1, 100, 5000, 60000} {
			r := newRig(fmt.Sprintf("/big: cut after %d", after), fmt.Sprintf("/attach: cut after %d", after))
			c := r.dial()
			c.send(get("/a")+get("/big")).expect("GET", 200, "/a", "")
			b, err := io.ReadAll(c.in)
			whole := fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s", len(big), big)
			head := strings.Index(whole, "\r\n\r\n") + 4
			if err != nil || string(b) != whole[:head+after] {
				t.Errorf("after %d: %d bytes, %v", after, len(b), err)
			}
			if err := <-r.ended; err == nil || err.Error() != fmt.Sprintf("fault on purpose: /big: cut after %d", after) {
				t.Errorf("ended by %v", err)
			}
			c = r.dial()
			c.send("POST /attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
			b, err = io.ReadAll(c.in)
			whole = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n" + big
			head = strings.Index(whole, "\r\n\r\n") + 4
			if err != nil || string(b) != whole[:head+after] {
				t.Errorf("stream after %d: %d bytes, %v", after, len(b), err)
			}
		}
		r := newRig("/big: cut after 100k", "/c: cut after 2") // they are shorter
		c := r.dial()
		c.send(get("/big")).expect("GET", 200, big, "")
		c.send(get("/c")).expect("GET", 200, "/c", "")
		c.send(get("/a")).expect("GET", 200, "/a", "")
	})
}

// TestCutContinued: what comes before an answer does not count.
func TestCutContinued(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig("/abc: cut after 2")
		c := r.dial()
		c.send("POST /abc HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}")
		b, err := io.ReadAll(c.in)
		if want := "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n/a"; string(b) != want || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
	})
}

// TestReset: the connection ends, by a reset where there is one; what was asked before is answered.
func TestReset(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig("ContainerStart: reset x1")
		c := r.dial()
		c.send(get("/a") + post(start, "{}"))
		c.expect("GET", 200, "/a", "")
		b, err := io.ReadAll(c.in)
		if len(b) > 0 || r.addr.Network == "tcp" && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %q, %v", b, err)
		}
		if err := <-r.ended; err == nil || err.Error() != "fault on purpose: ContainerStart: reset" {
			t.Errorf("ended by %v", err)
		}
		r.dial().send(post(start, "{}")).expect("POST", 200, start, "")
	})
}

// TestStall: nothing answers until the client leaves, or the trace ends; others are served.
func TestStall(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		r := newRig("ContainerStart: stall")
		c := r.dial()
		c.send(get("/a") + post(start, strings.Repeat("x", 1<<20)) + get("/b"))
		c.expect("GET", 200, "/a", "")
		r.dial().send(get("/c")).expect("GET", 200, "/c", "")
		r.await("all of it", func() bool {
			for _, ev := range r.events {
				if q, is := ev.(*wire.Request); is && q.Target == "/b" {
					return true
				}
			}
			return false
		})
		c.Close()
		if err := <-r.ended; err == nil || err.Error() != "fault on purpose: ContainerStart: stall" {
			t.Errorf("ended by %v", err)
		}
		if got, want := r.toDaemon(), get("/a")+get("/c"); got != want {
			t.Errorf("the daemon got %q, want %q", got, want)
		}
		c = r.dial()
		c.send(post(start, "{}"))
		r.await("the second", func() bool { return r.plan.Counts()[0].Applied == 2 })
		r.stop()
		_, _ = io.ReadAll(c.in)
		r.await("its end", func() bool {
			select {
			case err := <-r.ended:
				return errors.Is(err, wire.ErrStopped)
			default:
				return false
			}
		})
	})
}

// TestUndisturbed: what no rule is about is the same to the byte in both directions, HTTP or not.
func TestUndisturbed(t *testing.T) {
	each(t, func(t *testing.T, newRig func(...string) *rig) {
		for _, sent := range []string{
			get("/a"), post("/a", "xyz"), chunked("/b", "xyz"),
			"GET /a HTTP/1.1\r\nHost: d\r\nX-Long: " + strings.Repeat("x", 2*maxHead) + "\r\n\r\n",
			"\r\n" + get("/a"), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HELO you\r\n", "SSH-2.0-x\r\n", "\x16\x03\x01\x00", "GET /", "G",
			"POST /attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nGET",
		} {
			r := newRig("ContainerStart: stall")
			c := r.dial()
			c.send(sent)
			_ = c.Conn.(interface{ CloseWrite() error }).CloseWrite()
			_, _ = io.ReadAll(c.in)
			<-r.ended
			if got := r.toDaemon(); got != sent {
				t.Errorf("the daemon got %.100q, want %.100q", got, sent)
			}
		}
	})
}

// TestNotHeld: what is no beginning of a request goes on at once, and what waits for an answer
// that is due gets it; however it comes.
func TestNotHeld(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "G": true, "GET": true, "GET /x": true, "GET / HTTP/1.1\r\nHo": true, "\r\nGET /": true, "GET / HTTP/1.0\n": true, "\r\n\n\r\n": true,
		"\r\nGET / HTTP/1.1\r\nHost: d\r\n": true, "GET / HTTP/1.1\n\n": false, "\r\n\r\nGET / HTTP/1.1\r\nX: y\r\n\r": true,
		"GET / HTTP/1.1\r\n\r\n": false, "PRI * HTTP/2.0\r\n": false, "HELO you\r\n": false, "get": false, "\x05\x01\x00": false,
		strings.Repeat("G", maxMethod+1): false, "GET /\r\n": false,
	} {
		if got := new(opening).lacks([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
		for cut := range len(text) {
			var o opening
			if got := o.lacks([]byte(text[:cut])) && o.lacks([]byte(text)); got != want {
				t.Errorf("%q, cut at %d: %v", text, cut, got)
			}
		}
	}
}

// TestLooksOnce: what is held is looked at once, be it sent byte by byte.
func TestLooksOnce(t *testing.T) {
	for _, text := range []string{"GET / HTTP/1.1\r\n", "\r\n\r\n", "\r\nGET / HTTP/1.1\r\nHost: d\r\n"} {
		c := NewPlan(1).Of(&wire.Conn{})
		for i := range text {
			if s := c.Next([]byte(text[:i+1]), false); !s.IsNothing() {
				t.Fatalf("%q: %+v at %d", text, s, i)
			}
			if c.begun.seen != i+1 {
				t.Fatalf("%q: %d bytes were looked at of %d", text, c.begun.seen, i+1)
			}
		}
		if s := c.Next([]byte(text+"x"), true); s.Take != len(text)+1 {
			t.Errorf("%q: %+v at the end", text, s)
		}
	}
}

// TestHeldTogether: what all connections hold is bounded.
func TestHeldTogether(t *testing.T) {
	p := NewPlan(1)
	for range maxHeld/maxHead + 100 {
		c := p.Of(&wire.Conn{})
		c.Next([]byte("GET /"+strings.Repeat("x", maxHead-100)), false)
		if n := p.held.Load(); n > maxHeld {
			t.Fatalf("%d bytes are held", n)
		}
	}
}
