package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// bodyBudget is what the decoders of all connections may keep of bodies and
// unfinished JSON values together.
const bodyBudget = 256 << 20

// trace is what happens to the bytes of the connections: decoders, the
// redactor, and the live output.
//
//	Tap ─► decode.Conn ─► event ─► counts
//	                        └─► redact ─► live ─► text, compact or jsonl ─► out
type trace struct {
	decode  decode.Options
	redact  *redact.Redactor
	live    *render.Live // nil with --quiet
	out     *output      // nil with --quiet
	counts  counts
	stderr  *os.File
	summary bool          // the format has room for one
	gone    chan struct{} // closed when the reader of the live output has gone away
	broken  atomic.Bool   // the live output failed otherwise
}

// newTrace opens the live output. deflt is where it goes without --output.
func newTrace(o *options, s std, deflt *os.File) (*trace, error) {
	t := &trace{redact: redact.New(redact.Options{Off: o.showSecrets}), stderr: s.err, gone: make(chan struct{})}
	if o.quiet {
		t.summary = true
		t.decode.Transient = true // counts keeps nothing
		return t, nil
	}
	out, err := openOutput(o.output, deflt)
	if err != nil {
		return nil, err
	}
	color, err := render.UseColor(o.color, s.getenv, out.terminal)
	if err != nil {
		out.Close()
		return nil, err
	}
	ro := render.Options{Color: color, Width: out.width, Heads: o.headsOption()}
	var sink wire.Sink
	t.decode = decode.Options{
		Messages:   true,
		MaxMessage: int(min(max(int64(o.maxBody), 1), 1<<30)), // 0 would be the default
		Budget:     decode.NewBudget(bodyBudget),
		Docker:     decode.NewDocker(),
		Operation:  operation,
	}
	switch o.format {
	case "compact":
		sink = render.NewCompact(out, ro)
	case "jsonl":
		sink = render.NewJSONL(out)
		t.decode.KeepBody = int64(o.maxBody)
	default:
		sink = render.NewText(out, ro)
	}
	t.out, t.summary = out, o.format != "jsonl"
	t.live = render.NewLive(sink, render.LiveOptions{
		Block:  out.regular, // a file is a recording: nothing is left out
		Tick:   250 * time.Millisecond,
		Failed: t.failed,
	})
	return t, nil
}

// operation names a request of the Docker Engine API.
func operation(method, target string) string {
	op, _ := dockerapi.Lookup(method, target)
	return op.Name
}

// tap decodes one connection.
func (t *trace) tap(c *wire.Conn) wire.Tap { return decode.New(c, t.decode, t.event) }

// event is called by the goroutines of all connections.
func (t *trace) event(ev wire.Event) {
	t.counts.see(ev)
	if t.live != nil {
		_ = t.live.Event(t.redact.Event(ev)) // a failing output is reported by failed
	}
}

// failed is called once if the live output cannot be written to. The traffic
// goes on.
func (t *trace) failed(err error) {
	if errors.Is(err, syscall.EPIPE) { // the reader has seen enough, as head does
		close(t.gone)
		return
	}
	complain(t.stderr, fmt.Errorf("the live output ends here: %w", err))
	t.broken.Store(true)
}

// close delivers what is queued, as long as the output takes it, and sums up.
func (t *trace) close() {
	if t.live == nil {
		if t.summary {
			complain(t.stderr, errors.New(t.counts.String()))
		}
		return
	}
	err := t.live.Close()
	if errors.Is(err, render.ErrStalled) && sameFile(t.out.file, t.stderr) {
		return // there is nobody to tell
	}
	if errors.Is(err, render.ErrStalled) {
		complain(t.stderr, fmt.Errorf("%s does not move: its end was not written", t.out.name))
	} else if t.summary && t.writable() {
		complain(t.out, errors.New(t.counts.String()))
	}
	if events, bytes := t.live.Dropped(); events > 0 && t.writable() {
		complain(t.stderr, fmt.Errorf("%s was too slow: %d events with %d bytes were left out (-o FILE gets all)", t.out.name, events, bytes))
	}
	if err := t.out.Close(); err != nil && t.writable() {
		complain(t.stderr, err)
	}
	if n := t.out.heldBack(); n > 0 {
		complain(t.stderr, fmt.Errorf("%d lines were held back while the command had the terminal (-o FILE shows them live)", n))
	}
}

// sameFile reports whether a and b are open on one file, pipe or terminal.
func sameFile(a, b *os.File) bool {
	ia, err := a.Stat()
	if err != nil {
		return false
	}
	ib, err := b.Stat()
	return err == nil && os.SameFile(ia, ib)
}

// writable reports whether the live output has not failed.
func (t *trace) writable() bool {
	select {
	case <-t.gone:
		return false
	default:
		return !t.broken.Load()
	}
}

// warner prints messages for the user, from any goroutine.
type warner struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *warner) warn(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	complain(w.w, err)
}

// grace is how long open connections may go on after the command has ended.
const grace = time.Second

func graceContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), grace)
}
