package intercept

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// hangingTap hangs where it is told to, until it is let go.
type hangingTap struct {
	on     string        // "new", "chunk" or "end"
	called chan struct{} // gets one when it hangs
	goOn   chan struct{}
	err    chan error // of End
}

func newHangingTap(on string) *hangingTap {
	return &hangingTap{on: on, called: make(chan struct{}, 1), goOn: make(chan struct{}), err: make(chan error, 1)}
}

func (h *hangingTap) hang(on string) {
	if h.on == on {
		h.called <- struct{}{}
		<-h.goOn
	}
}

func (h *hangingTap) Chunk(wire.Chunk) { h.hang("chunk") }

func (h *hangingTap) End(_ time.Time, err error) {
	h.hang("end")
	h.err <- err
}

// TestTapHangs stops a proxy while the tap of one connection hangs: both its ends
// are closed at once, and Serve returns, but for the goroutine that is held.
func TestTapHangs(t *testing.T) {
	for _, on := range []string{"new", "chunk", "end"} {
		for _, drain := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/drain=%t", on, drain), func(t *testing.T) {
				t.Parallel()
				tap := newHangingTap(on)
				gone := make(chan struct{}, 2)
				r := newRig(t, unixSocket, unixSocket, func(c net.Conn) { echo(c); gone <- struct{}{} }, func(p *Proxy) {
					sound := p.Tap
					p.TapFirst = true
					p.Tap = func(c *wire.Conn) wire.Tap {
						if c.ID > 1 {
							return sound(c)
						}
						tap.hang("new")
						return tap
					}
				})
				c := r.dial()
				switch on {
				case "chunk":
					write(t, c, "hello")
				case "end":
					c.Close()
				}
				r.wait(tap.called, "the tap was not called")
				other := r.dial()
				write(t, other, "others live")
				read(t, other, "others live")
				if drain {
					ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
					defer cancel()
					r.proxy.Drain(ctx)
				} else {
					r.stop()
				}
				r.wait(r.done, "Serve did not return")
				if on != "end" {
					readEOF(t, c)
				}
				readEOF(t, other)
				r.wait(gone, "the upstream was not closed")
				r.wait(gone, "the upstream was not closed")
				if rec := r.ended(); rec.err != wire.ErrStopped {
					t.Errorf("end of the other: %v", rec.err)
				}
				close(tap.goOn)
				select {
				case err := <-tap.err:
					if on != "end" && err != wire.ErrStopped {
						t.Errorf("end: %v; want %v", err, wire.ErrStopped)
					}
				case <-time.After(patience):
					t.Error("the tap that was held saw no end")
				}
			})
		}
	}
}
