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
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// bodyBudget is what the decoders of all connections may keep of bodies and
// unfinished JSON values together.
const bodyBudget = 256 << 20

// trace is what happens to the bytes of the connections: recordings, decoders,
// the redactor, and the live output.
//
//	Tap ┬► pcapng
//	    └► decode.Conn ─► event ┬► counts
//	                            └► redact ┬► har
//	                                      └► live ─► text, compact or jsonl ─► out
type trace struct {
	decode  decode.Options
	redact  *redact.Redactor
	record  *recording
	live    live    // nil with --quiet
	out     *output // nil with --quiet
	counts  counts
	conns   int // the highest number of a connection that was read from a file
	packets captured
	stderr  *os.File
	summary bool          // the format has room for one
	gone    chan struct{} // closed when the reader of the live output has gone away
	broken  atomic.Bool   // the live output failed otherwise
}

// live stands before the sink of the live output: a render.Live, or a
// render.Direct where that will do.
type live interface {
	wire.Sink
	// Dropped returns how many events were left out, and how many bytes of
	// traffic were in them.
	Dropped() (events, bytes int64)
}

// newTrace opens the recordings and the live output. deflt is where the latter
// goes without --output.
func newTrace(o *options, s std, deflt *os.File) (*trace, error) {
	t := &trace{
		redact: redact.New(redact.Options{Off: o.showSecrets, Names: o.mask}),
		stderr: s.err,
		gone:   make(chan struct{}),
	}
	var err error
	if t.record, err = openRecording(o, s); err != nil {
		return nil, err
	}
	if !o.quiet {
		err = t.openLive(o, s, deflt)
	}
	if err != nil {
		t.record.close(io.Discard)
		return nil, err
	}
	t.summary = o.quiet || o.format != "jsonl"
	t.decode = decodeOptions(o)
	if _, direct := t.live.(*render.Direct); direct && o.format == "jsonl" && o.har == "" {
		t.decode.Transient = true // nobody keeps events
	}
	return t, nil
}

// decodeOptions says what the sinks that o asks for need to know.
func decodeOptions(o *options) decode.Options {
	if o.quiet && o.har == "" {
		return decode.Options{Transient: true} // counts keeps nothing
	}
	d := decode.Options{
		Messages:   true,
		MaxMessage: int(min(max(int64(o.maxBody), 1), 1<<30)), // 0 would be the default
		Budget:     decode.NewBudget(bodyBudget),
		Docker:     decode.NewDocker(),
		Operation:  operation,
	}
	if o.har != "" || !o.quiet && o.format == "jsonl" {
		d.KeepBody, d.Digest = int64(o.maxBody), true
	}
	return d
}

// openLive opens the live output.
func (t *trace) openLive(o *options, s std, deflt *os.File) error {
	out, err := openOutput(o.output, deflt)
	if err != nil {
		return err
	}
	color, err := render.UseColor(o.color, s.getenv, out.terminal)
	if err != nil {
		out.Close()
		return err
	}
	ro := render.Options{Color: color, Width: out.width, Heads: o.headsOption()}
	var ticks bool // the format has something to say when time passes
	newSink := func(w io.Writer) wire.Sink { return render.NewText(w, ro) }
	switch o.format {
	case "compact":
		newSink = func(w io.Writer) wire.Sink { return render.NewCompact(w, ro) }
		ticks = !o.atRest
	case "jsonl":
		newSink = render.NewJSONL
	}
	t.out = out
	if o.unhurried && !ticks && out.steady() {
		t.live = render.NewDirect(out, newSink, t.failed)
		return nil
	}
	lo := render.LiveOptions{
		Block:  o.unhurried || out.regular, // a file is a recording: nothing is left out
		Failed: t.failed,
	}
	if ticks {
		lo.Tick = 250 * time.Millisecond
	}
	t.live = render.NewLive(newSink(out), lo)
	return nil
}

// flush has the live output written as far as it goes, where nobody else does.
func (t *trace) flush() {
	if d, ok := t.live.(*render.Direct); ok {
		d.Flush()
	}
}

// steady reports whether the output never stops for long: a file on disk, or
// the null device.
func (o *output) steady() bool {
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return o.regular
	}
	info, err := o.file.Stat()
	return o.regular || err == nil && os.SameFile(info, null)
}

// operation names a request of the Docker Engine API.
func operation(method, target string) string {
	c, _ := dockerapi.Match(method, target)
	return c.Name()
}

// tap records and decodes one connection.
func (t *trace) tap(c *wire.Conn) wire.Tap {
	return t.record.tap(c, decode.New(c, t.decode, t.event))
}

// proxy returns what relays the clients of l to upstream, and traces them.
func (t *trace) proxy(l *intercept.Listener, upstream intercept.Upstream, warn func(error)) *intercept.Proxy {
	return &intercept.Proxy{Listener: l, Upstream: upstream, Tap: t.tap, TapFirst: t.record.on(), Warn: warn}
}

// event is called by the goroutines of all connections.
func (t *trace) event(ev wire.Event) {
	t.counts.see(ev)
	if t.live == nil && t.record.har == nil {
		return
	}
	ev = t.redact.Event(ev)
	t.record.event(ev)
	if t.live != nil {
		_ = t.live.Event(ev) // a failing output is reported by failed
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

// stopEarly calls stop when nobody looks any more, or ctx ends: a second signal
// then ends the program at once.
func (t *trace) stopEarly(ctx context.Context, stop func()) {
	select {
	case <-t.gone:
	case <-ctx.Done():
	}
	stop()
}

// close delivers what is queued, as long as the output takes it, ends the
// recordings, and sums up.
func (t *trace) close() {
	if t.live == nil {
		t.sumUp(t.stderr)
		return
	}
	err := t.live.Close()
	stalled := errors.Is(err, render.ErrStalled)
	if stalled && sameFile(t.out.file, t.stderr) {
		t.record.close(io.Discard) // there is nobody to tell
		return
	}
	if stalled {
		complain(t.stderr, fmt.Errorf("%s does not move: its end was not written", t.out.name))
	}
	t.sumUp(t.summaryOutput(stalled))
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

// summaryOutput returns where the summary goes: to the live output if it still
// takes text, else to standard error, unless both are one.
func (t *trace) summaryOutput(stalled bool) io.Writer {
	switch {
	case t.summary && !stalled && t.writable():
		return t.out
	case sameFile(t.out.file, t.stderr):
		return io.Discard
	}
	return t.stderr
}

// sumUp says what was seen, what was recorded, and what was masked.
func (t *trace) sumUp(w io.Writer) {
	if t.summary && t.writable() {
		complain(w, errors.New(t.counts.String()))
	}
	t.packets.sumUp(w)
	t.record.close(w)
	if masked := t.redact.Summary(); len(masked) > 0 {
		complain(w, errors.New(maskedLine(masked)))
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
