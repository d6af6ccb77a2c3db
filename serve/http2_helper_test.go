package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// overheard is the client's end of a connection that is shown to a tap.
type overheard struct {
	net.Conn
	mu  *sync.Mutex // of all connections: the reader of recordings is for one goroutine
	tap wire.Tap
	end sync.Once
}

func (o *overheard) show(dir wire.Dir, b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tap.Chunk(wire.Chunk{Time: time.Now(), Dir: dir, Data: b})
}

func (o *overheard) Read(b []byte) (int, error) {
	n, err := o.Conn.Read(b)
	if n > 0 {
		o.show(wire.ToClient, b[:n])
	}
	return n, err
}

func (o *overheard) Write(b []byte) (int, error) {
	o.show(wire.ToServer, b)
	return o.Conn.Write(b)
}

func (o *overheard) Close() error {
	err := o.Conn.Close()
	o.end.Do(func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.tap.End(time.Now(), nil)
	})
	return err
}

// dialer connects to a daemon.
type dialer func() net.Conn

// overhear returns the script of what do does with a daemon, which is handler.
func overhear(t *testing.T, o ReadOptions, handler http.HandlerFunc, do func(dialer)) *Script {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: handler, Protocols: protocols()}
	go srv.Serve(l)
	defer srv.Close()
	r := newReader(o, func() {})
	var all []*overheard
	var mu sync.Mutex
	do(func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		conn := &wire.Conn{ID: r.numbers.Next(), Start: time.Now()}
		all = append(all, &overheard{Conn: c, mu: &mu, tap: r.tap(conn)})
		return all[len(all)-1]
	})
	for _, c := range all {
		c.Close()
	}
	s, err := r.finish()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// dialer returns how d is connected to.
func (d *daemon) dialer() dialer {
	return func() net.Conn {
		c, err := net.Dial("unix", d.socket)
		if err != nil {
			d.t.Fatal(err)
		}
		d.t.Cleanup(func() { c.Close() })
		return c
	}
}

// upgradeTo has a connection leave HTTP/1 by a request for path, and returns it behind the head of
// the answer.
func upgradeTo(t testing.TB, conn net.Conn, path string) net.Conn {
	t.Helper()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", path)
	r := bufio.NewReader(conn)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if strings.HasPrefix(line, "HTTP/1.1 ") && !strings.Contains(line, " 101 ") {
			t.Fatalf("%s: %s", path, line)
		}
		if line == "\r\n" {
			return &hijacked{Conn: conn, r: r, over: func() {}}
		}
	}
}

// calling returns a client of the calls that d has, behind POST /grpc.
func calling(t testing.TB, dial dialer) *http.ClientConn {
	t.Helper()
	client, err := clientOf(context.Background(), upgradeTo(t, dial(), "/grpc"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// message returns a message of a type as it is on the wire, with its prefix.
func message(typ, doc string) []byte {
	s := protobuf.Embedded()
	msg, err := s.AppendMessage(nil, s.Named(typ), []byte(doc))
	if err != nil {
		panic(err)
	}
	return withPrefix(msg)
}

// messagesIn returns the messages of a type that r has, as JSON.
func messagesIn(r io.Reader, typ string) (all []string, err error) {
	for {
		doc, err := nextIn(r, typ)
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return all, err
		}
		all = append(all, doc)
	}
}

// nextIn returns the next of them.
func nextIn(r io.Reader, typ string) (string, error) {
	size, plain, err := hear(r)
	if err != nil {
		return "", err
	}
	if !plain || size > maxCompared {
		return "", errors.New("no message")
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", err
	}
	s := protobuf.Embedded()
	doc, _ := s.AppendJSON(nil, s.Named(typ), b, protobuf.Limits{})
	return string(doc), nil
}

// rpc is a call of gRPC as tests have it.
type rpc struct{ path, asks, doc, answers string }

var (
	solve  = rpc{path: "/moby.buildkit.v1.Control/Solve", asks: "moby.buildkit.v1.SolveRequest", answers: "moby.buildkit.v1.SolveResponse"}
	follow = rpc{path: "/moby.buildkit.v1.Control/Status", asks: "moby.buildkit.v1.StatusRequest", answers: "moby.buildkit.v1.StatusResponse"}
	list   = rpc{path: "/moby.buildkit.v1.Control/ListWorkers", asks: "moby.buildkit.v1.ListWorkersRequest", answers: "moby.buildkit.v1.ListWorkersResponse"}
)

// with returns c with a message.
func (c rpc) with(doc string) rpc {
	c.doc = doc
	return c
}

// do makes the call, and returns the messages of the answer and its status, with what it says.
func (c rpc) do(t testing.TB, client *http.ClientConn) string {
	t.Helper()
	r, err := http.NewRequest("POST", "http://d"+c.path, strings.NewReader(string(message(c.asks, c.doc))))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/grpc")
	r.Header.Set("Te", "trailers")
	got, err := client.RoundTrip(r)
	if err != nil {
		return err.Error()
	}
	defer got.Body.Close()
	all, err := messagesIn(got.Body, c.answers)
	if err != nil {
		return strings.Join(all, " ") + " " + err.Error()
	}
	field := func(name string) string { return got.Trailer.Get(name) + got.Header.Get(name) }
	return strings.TrimSpace(strings.Join(append(all, field("Grpc-Status"), wire.DecodeMessage(field("Grpc-Message")), field("Grpc-Status-Details-Bin")), " "))
}

// answerCall answers a call.
func answerCall(w http.ResponseWriter, status string, msgs ...[]byte) {
	w.Header().Set("Content-Type", "application/grpc")
	w.WriteHeader(http.StatusOK)
	for _, m := range msgs {
		_, _ = w.Write(m)
		_ = http.NewResponseController(w).Flush()
	}
	w.Header().Set(http.TrailerPrefix+"Grpc-Status", status)
}
