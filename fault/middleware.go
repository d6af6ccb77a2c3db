package fault

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Middleware returns a handler that does to requests what the plan says, and has next answer all
// others, and those that are delayed or whose answers are cut. It is for servers of HTTP/1; what
// next hijacks is cut as well.
func (p *Plan) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := p.Choose(asked(r))
		if a == nil {
			next.ServeHTTP(w, r)
			return
		}
		switch a.Kind {
		case Answer:
			a.respond(w, r)
		case Delay:
			if !pause(r.Context(), a.Delay) {
				panic(http.ErrAbortHandler) // to return is to answer
			}
			next.ServeHTTP(w, r)
		case Cut:
			c := &cutting{ResponseWriter: w, left: a.After}
			next.ServeHTTP(c, r)
			c.end()
		case Reset:
			reset(w)
		case Stall:
			_, _ = io.Copy(io.Discard, r.Body) // else nobody tells that the client leaves
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		}
	})
}

// asked returns a request as rules look at it.
func asked(r *http.Request) *wire.Request {
	target := r.RequestURI
	if target == "" { // it did not come over a connection
		target = r.URL.RequestURI()
	}
	call, _ := dockerapi.Match(r.Method, target)
	q := &wire.Request{Method: r.Method, Target: target, Version: r.Proto, Call: call.Told(), Fields: []wire.Field{{Name: "Host", Value: r.Host}}}
	q.Conn = &wire.Conn{}
	for name, values := range r.Header {
		for _, v := range values {
			q.Fields = append(q.Fields, wire.Field{Name: name, Value: v})
		}
	}
	return q
}

// respond answers a request in place of whoever would.
func (a *Action) respond(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // who still writes would not read the answer
	h := w.Header()
	h.Set(Field, a.field())
	body := a.body()
	if body != nil {
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// pause waits, and reports whether the client is still there then.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// reset closes the connection of a request at once, by a reset if there is such a thing.
func reset(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, is := c.(*net.TCPConn); is {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// cutting is an answer of which only the beginning is sent: its head, and so many bytes of its
// body, or of the stream in its place. Then the connection is closed. All of its bytes count, as
// they are before the server frames them.
type cutting struct {
	http.ResponseWriter
	left     int64
	over     bool // there was more than that
	hijacked bool
}

// Write implements http.ResponseWriter.
func (c *cutting) Write(b []byte) (int, error) {
	if int64(len(b)) <= c.left && !c.over {
		c.left -= int64(len(b))
		return c.ResponseWriter.Write(b)
	}
	if !c.over {
		c.over = true
		_, _ = c.ResponseWriter.Write(b[:c.left])
		_ = http.NewResponseController(c.ResponseWriter).Flush()
	}
	return 0, io.ErrClosedPipe
}

// Flush implements http.Flusher.
func (c *cutting) Flush() { _ = http.NewResponseController(c.ResponseWriter).Flush() }

// Unwrap is for http.ResponseController.
func (c *cutting) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// end closes the connection if there was more than was sent.
func (c *cutting) end() {
	if c.over && !c.hijacked {
		panic(http.ErrAbortHandler)
	}
}

// Hijack implements http.Hijacker: the head of what is written to the connection does not
// count, as far as it ends with an empty line.
func (c *cutting) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(c.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	c.hijacked = true
	cut := &cutConn{Conn: conn, left: c.left}
	rw.Writer = bufio.NewWriter(cut)
	return cut, rw, nil
}

// cutConn is a connection that is closed behind a head and so many bytes.
type cutConn struct {
	net.Conn
	mu   sync.Mutex
	line blank
	body bool // the head is over
	left int64
}

// Write implements net.Conn.
func (c *cutConn) Write(b []byte) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.body {
		end := c.line.behind(b)
		c.body = c.line.is
		if n, err = c.Conn.Write(b[:end]); err != nil || n == len(b) {
			return n, err
		}
		b = b[n:]
	}
	if int64(len(b)) <= c.left {
		m, err := c.Conn.Write(b)
		c.left -= int64(m)
		return n + m, err
	}
	m, _ := c.Conn.Write(b[:c.left])
	c.left = 0
	_ = c.Conn.Close()
	return n + m, net.ErrClosed
}

// CloseWrite passes a half-close on.
func (c *cutConn) CloseWrite() error {
	if half, is := c.Conn.(interface{ CloseWrite() error }); is {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}
