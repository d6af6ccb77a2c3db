package decode_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// recorded relays connections between a client and a server, and notes what crosses: a
// chunk gets its place before it goes on.
type recorded struct {
	mu    sync.Mutex
	conns []*transcript.Conn
	wg    sync.WaitGroup
}

// connect relays between two ends.
func (r *recorded) connect(client, server net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := new(transcript.Conn)
	r.conns = append(r.conns, c)
	r.wg.Add(2)
	go r.relay(c, wire.ToServer, client, server)
	go r.relay(c, wire.ToClient, server, client)
}

func (r *recorded) note(c *transcript.Conn, dir wire.Dir, b []byte, eof bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.Chunks = append(c.Chunks, transcript.Chunk{At: time.Duration(len(c.Chunks)) * time.Millisecond, Dir: dir, Data: bytes.Clone(b), EOF: eof})
}

// events returns what is told of all connections.
func (r *recorded) events(o decode.Options) (evs []wire.Event) {
	for i, c := range r.conns {
		evs = append(evs, play(c, c.Wire(i+1, t0), o)...)
	}
	return evs
}

// relay copies a direction to its end.
func (r *recorded) relay(c *transcript.Conn, dir wire.Dir, from, to net.Conn) {
	defer r.wg.Done()
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		r.note(c, dir, buf[:n], err != nil)
		if _, werr := to.Write(buf[:n]); err != nil || werr != nil {
			to.Close()
			return
		}
	}
}

// serveHTTP2 returns a client of a server of net/http, which speak HTTP/2 by prior
// knowledge, and what crosses between them, which is whole when stop has returned.
func serveHTTP2(t *testing.T, h http.HandlerFunc) (client *http.Client, r *recorded, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Handler: h, Protocols: protocols}
	go server.Serve(l)
	r = new(recorded)
	transport := &http.Transport{Protocols: protocols, DisableCompression: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		upstream, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			return nil, err
		}
		near, far := net.Pipe()
		r.connect(far, upstream)
		return near, nil
	}}
	return &http.Client{Transport: transport}, r, func() {
		transport.CloseIdleConnections()
		server.Close()
		r.wg.Wait()
	}
}

// call is what one side knows of an exchange.
type call struct {
	method, target  string
	fields, trailer string
	body            string
	status          int
	answer          string
	answerTrailer   string
}

// noted returns some fields, in order, as text.
func noted(h http.Header) string {
	var all []string
	for name, values := range h {
		if strings.HasPrefix(name, "X-") {
			all = append(all, strings.ToLower(name)+"="+strings.Join(values, ","))
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func notedFields(fields []wire.Field) string {
	h := http.Header{}
	for _, f := range fields {
		h.Add(f.Name, f.Value)
	}
	return noted(h)
}

// TestAgainstNetHTTP2 has net/http's client and server talk, many at once, with bodies of
// all sizes and trailers, and compares what the decoder tells with what they know.
func TestAgainstNetHTTP2(t *testing.T) {
	var mu sync.Mutex
	known := map[string]*call{} // by the target
	client, r, stop := serveHTTP2(t, func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		known[q.RequestURI] = &call{method: q.Method, target: q.RequestURI, fields: noted(q.Header), trailer: noted(q.Trailer), body: string(body)}
		mu.Unlock()
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("X-Length", fmt.Sprint(len(body)))
		if len(body) == 0 {
			w.WriteHeader(http.StatusAccepted)
		}
		for part := range slices.Chunk(bytes.Repeat([]byte("<"+q.RequestURI+">"), len(body)/7), 3000) {
			w.Write(part)
			http.NewResponseController(w).Flush()
		}
		w.Header().Set("X-Sum", fmt.Sprint(len(body)*3))
	})
	var wg sync.WaitGroup
	ask := func(i int) {
		defer wg.Done()
		target := fmt.Sprintf("/call/%d?x=%s", i, strings.Repeat("y", i))
		method, body := "POST", io.Reader(strings.NewReader(strings.Repeat("0123456789", i*i)))
		if i%4 == 0 {
			method, body = "GET", nil
		}
		q, err := http.NewRequest(method, "http://docker"+target, body)
		if err != nil {
			t.Error(err)
			return
		}
		q.Header.Set("X-Call", strings.Repeat("z", i%7))
		q.Header.Add("X-Many", "a")
		q.Header.Add("X-Many", fmt.Sprint("b", i))
		if i%3 == 1 && body != nil {
			q.Trailer, q.ContentLength = http.Header{"X-End": {fmt.Sprint(i)}}, -1
		}
		resp, err := client.Do(q)
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		c := known[target]
		c.status, c.answer, c.answerTrailer = resp.StatusCode, noted(resp.Header)+"\n"+string(got), noted(resp.Trailer)
	}
	wg.Add(1)
	ask(1) // the others share its connection
	for i := 2; i < 60; i++ {
		wg.Add(1)
		go ask(i)
	}
	wg.Wait()
	stop()
	seen := 0
	for _, ev := range r.events(decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Body: 1 << 20, Keeps: true}}) {
		switch ev := ev.(type) {
		case *wire.Anomaly:
			t.Errorf("%s %s", ev.Code, ev.Detail)
		case *wire.Message:
			if ev.Exchange == 0 {
				t.Errorf("%d bytes are of no exchange", ev.Size)
			}
		case *wire.Exchange:
			seen++
			compareCalls(t, ev, known[ev.Request.Target])
		}
	}
	if seen != len(known) || seen != 59 {
		t.Errorf("%d exchanges are told, %d were made", seen, len(known))
	}
	said := 0
	for _, c := range r.conns {
		said += len(c.Bytes(wire.ToClient))
		whole := tracetest.DumpAll(tracetest.Merge(play(c, c.Wire(1, t0), all())))
		if cut := cutEvents(c, 1000); cut != whole {
			t.Error("the events depend on how the bytes are cut")
		}
	}
	if said < 1<<20 {
		t.Error("too little was said")
	}
}

// cutEvents returns the events of c, whose chunks come in pieces of n bytes.
func cutEvents(c *transcript.Conn, n int) string {
	cut := transcript.Conn{}
	for _, ch := range c.Chunks {
		for len(ch.Data) > n {
			cut.Chunks = append(cut.Chunks, transcript.Chunk{At: ch.At, Dir: ch.Dir, Data: ch.Data[:n]})
			ch.Data = ch.Data[n:]
		}
		cut.Chunks = append(cut.Chunks, ch)
	}
	return tracetest.DumpAll(tracetest.Merge(play(&cut, cut.Wire(1, t0), all())))
}

func compareCalls(t *testing.T, x *wire.Exchange, want *call) {
	t.Helper()
	if want == nil {
		t.Errorf("nobody has asked for %s", x.Request.Target)
		return
	}
	got := call{method: x.Request.Method, target: x.Request.Target, fields: notedFields(x.Request.Fields), status: x.Response.Status}
	if b := x.RequestBody; b != nil {
		got.body, got.trailer = string(b.Data), notedFields(b.Trailer)
	}
	got.answer = notedFields(x.Response.Fields) + "\n"
	if b := x.ResponseBody; b != nil {
		got.answer, got.answerTrailer = got.answer+string(b.Data), notedFields(b.Trailer)
	}
	if got != *want || x.State != wire.StateDone || x.Request.Authority != "docker" || x.Request.Scheme != "http" {
		t.Errorf("%s, %v: got %.300q\nwant %.300q", want.target, x.State, fmt.Sprint(got), fmt.Sprint(*want))
	}
}

// TestNetHTTP2Ends has clients of net/http go away in the middle, and handlers that give
// up: who ended an exchange is told, and with which code.
func TestNetHTTP2Ends(t *testing.T) {
	waits, left := make(chan struct{}), make(chan struct{}, 2)
	client, r, stop := serveHTTP2(t, func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/endless":
			w.Write([]byte("begun"))
			http.NewResponseController(w).Flush()
			<-q.Context().Done()
			left <- struct{}{}
		case "/panics":
			w.Write([]byte("begun"))
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case "/waits":
			close(waits)
			<-q.Context().Done()
			left <- struct{}{}
		}
	})
	get := func(path string, until func(context.CancelFunc, *http.Response)) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		q, err := http.NewRequestWithContext(ctx, "GET", "http://docker"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if path == "/waits" {
			go func() {
				<-waits
				cancel()
			}()
		}
		resp, err := client.Do(q)
		if path == "/waits" {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", path, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if _, err := io.ReadFull(resp.Body, make([]byte, 5)); err != nil && path != "/fine" {
			t.Error(err)
		}
		until(cancel, resp)
	}
	get("/fine", func(context.CancelFunc, *http.Response) {})
	get("/endless", func(cancel context.CancelFunc, resp *http.Response) {
		cancel()
		io.ReadAll(resp.Body)
	})
	get("/panics", func(_ context.CancelFunc, resp *http.Response) { io.ReadAll(resp.Body) })
	get("/waits", nil)
	get("/fine", func(context.CancelFunc, *http.Response) {})
	<-left
	<-left // the server has seen that they were given up
	stop()
	var got []string
	for _, ev := range r.events(all()) {
		if x, ok := ev.(*wire.Exchange); ok {
			reset := "none"
			if x.Reset != nil {
				reset = fmt.Sprintf("%v %d", x.Reset.Dir, x.Reset.Code)
			}
			got = append(got, fmt.Sprintf("%s %v left=%t reset=%s", x.Request.Target, x.State, x.Outcome.Left, reset))
		}
	}
	want := []string{
		"/fine done left=false reset=none", "/endless aborted left=true reset=to_server 8", "/panics aborted left=false reset=to_client 2",
		"/waits aborted left=true reset=to_server 8", "/fine done left=false reset=none",
	}
	slices.Sort(got) // the last may end before it is seen that another was given up
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
