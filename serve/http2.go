package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// maxHead is how long the head of a request may be, in bytes: many clients may each send one at
// once. The credentials of all registries, which are in there for a build, are the longest.
const maxHead = 128 << 10

// headsAll is how long the heads of all requests may be that are being answered, of all connections
// together: each of HTTP/2 may have maxStreams of them.
const headsAll = 64 << 20

// What clients of HTTP/2 may have the Server hold.
const (
	maxStreams    = 100     // requests of one connection at once
	maxUnread     = 1 << 20 // bytes of one connection
	maxUnreadEach = 1 << 18 // and of one request
)

// protocols are what a Server speaks: HTTP/2 to those who begin with its preface, also without TLS.
func protocols() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	p.SetHTTP2(true)
	p.SetUnencryptedHTTP2(true)
	return p
}

// limits bound the server's side of HTTP/2.
func limits() *http.HTTP2Config {
	return &http.HTTP2Config{MaxConcurrentStreams: maxStreams, MaxReceiveBufferPerConnection: maxUnread, MaxReceiveBufferPerStream: maxUnreadEach}
}

// hijacked is a connection that has left HTTP/1, with what was read of it already.
type hijacked struct {
	net.Conn
	r    io.Reader
	over func() // is called when nothing more comes, and when it is closed; may be called again
}

// upgrade has the connection behind w leave HTTP/1: over is called when it is over.
func upgrade(w http.ResponseWriter, head []byte, over func()) (*hijacked, error) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	if _, err := conn.Write(head); err != nil {
		conn.Close()
		return nil, err
	}
	return &hijacked{Conn: conn, r: rw.Reader, over: over}, nil
}

// Read implements net.Conn.
func (u *hijacked) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	if err != nil && !isTimeout(err) {
		u.over()
	}
	return n, err
}

// isHijacked reports whether r has come on a connection that had left HTTP/1 before.
func isHijacked(r *http.Request) bool {
	_, is := r.Context().Value(connKey{}).(*hijacked)
	return is
}

// isTimeout reports whether an error says that it is too late for what may succeed later.
func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// Close implements net.Conn.
func (u *hijacked) Close() error {
	u.over()
	return u.Conn.Close()
}

// switching returns the head of the answer that agrees to HTTP/2, as Docker's daemon has it.
func switching() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n", http.StatusSwitchingProtocols, http.StatusText(http.StatusSwitchingProtocols), h2c)
	return b.Bytes()
}

// serveHTTP2 has srv serve the connection behind w, on which the client speaks HTTP/2 from now on,
// until that is over.
func serveHTTP2(ctx context.Context, srv *http.Server, w http.ResponseWriter) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	conn, err := upgrade(w, switching(), stop)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	_ = srv.Serve(newOnly(ctx, conn)) // that the one connection was all
}

// only is a listener with one connection.
type only struct {
	net.Conn
	ctx   context.Context // ends with the connection
	close context.CancelFunc
	once  sync.Once
}

func newOnly(ctx context.Context, c net.Conn) *only {
	ctx, stop := context.WithCancel(ctx)
	return &only{Conn: c, ctx: ctx, close: stop}
}

// Accept implements net.Listener: it returns the connection, and then waits for its end.
func (o *only) Accept() (c net.Conn, err error) {
	o.once.Do(func() { c = o.Conn })
	if c != nil {
		return c, nil
	}
	<-o.ctx.Done()
	return nil, net.ErrClosed
}

// Close implements net.Listener.
func (o *only) Close() error {
	o.close()
	return nil
}

// Addr implements net.Listener.
func (o *only) Addr() net.Addr { return o.Conn.LocalAddr() }
