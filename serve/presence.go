package serve

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/socktrace/socktrace/intercept"
)

// connKey is the key of the connection (net.Conn) in the contexts of requests.
type connKey struct{}

// withConn is http.Server.ConnContext.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// presence returns what lasts as long as the client of r: also one that only says no more, and
// waits for its answer, for which net/http ends the context of r. It ends with life, and with
// stop, which has to be called before anything else is read from the connection.
//
// It needs a look at the connection: where that tells nothing (see intercept.AwaitHangup), and for
// servers of others, who says no more has left.
func presence(life context.Context, r *http.Request) (ctx context.Context, stop func()) {
	c, ours := r.Context().Value(connKey{}).(net.Conn)
	if !ours || r.ProtoMajor > 1 { // a stream of HTTP/2 is open until its answer is there
		return r.Context(), func() {}
	}
	ctx, end := context.WithCancel(life)
	watched := make(chan struct{})
	unwatched := context.AfterFunc(r.Context(), func() {
		defer close(watched)
		defer end()
		intercept.AwaitHangup(c)
	})
	return ctx, sync.OnceFunc(func() {
		if !unwatched() {
			_ = c.SetReadDeadline(time.Unix(1, 0)) // the look at it ends; net/http reads on
			<-watched
			_ = c.SetReadDeadline(time.Time{})
		}
		end()
	})
}
