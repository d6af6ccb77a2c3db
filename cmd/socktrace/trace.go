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
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// trace is what happens to the bytes of the connections: recordings, decoders,
// the redactor, and the sinks behind the book.
//
//	Tap ┬► recordings of bytes
//	    └► decode.Conn ─► redact ─► book ┬► recordings of exchanges
//	                                     └► queue ─► text, compact or jsonl ─► out
type trace struct {
	decode     decode.Options
	redact     *redact.Redactor
	book       *flow.Book
	recorders  recorders
	live       *flow.Outlet // nil with --quiet
	out        *output      // of the live output; nil with --quiet
	memory     *memory.Budget
	packetRoom int          // for packets that wait for others
	numbers    wire.Numbers // of connections
	packets    captured
	stderr     *os.File
	warn       func(error)
	summary    bool          // the format has room for one
	gone       chan struct{} // closed when the reader of the live output has gone away
	broken     atomic.Bool   // the live output failed otherwise
	lost       atomic.Bool   // a recording was given up
}

// liveOutput is what the live output is called when it fails.
const liveOutput = "the live output"

// newTrace opens the recordings and the live output.
func newTrace(o *options, src source, s std) (*trace, error) {
	held := o.limitMemory()
	t := &trace{
		memory: held, packetRoom: o.packetMemory(),
		redact: redact.New(redact.Options{Off: o.showSecrets, Names: o.mask, Memory: held}),
		stderr: s.err,
		warn:   (&warner{w: s.err}).warn,
		gone:   make(chan struct{}),
	}
	t.book = flow.New(flow.Options{Memory: t.memory, Mask: t.redact.Event, Failed: t.failed, Still: src.atRest, Unhurried: src.unhurried})
	t.recorders = recorders{book: t.book, failed: t.failed, warn: t.warn, spool: o.spoolMemory(src)}
	err := t.recorders.open(o, s)
	if err == nil && !o.quiet {
		err = t.openLive(o, src, s)
	}
	if err != nil {
		t.recorders.close(io.Discard)
		return nil, err
	}
	t.summary = o.quiet || o.format != "jsonl"
	t.decode = decodeOptions(t.book.Needs(), int64(o.maxBody), t.memory, &t.numbers)
	return t, nil
}

// openLive opens the live output.
func (t *trace) openLive(o *options, src source, s std) error {
	out, err := openOutput(o.output, src.file(s))
	if err != nil {
		return err
	}
	color, err := render.UseColor(o.color, s.getenv, out.terminal)
	if err != nil {
		out.Close()
		return err
	}
	t.out = out
	newSink := o.newSink(render.Options{Color: color, Width: out.width, Heads: o.headsOption()})
	if src.unhurried && out.steady() {
		sink := flow.NewBuffered(out, newSink)
		if _, ticks := sink.Sink.(wire.Ticker); !ticks || src.atRest {
			t.live = t.book.Add(liveOutput, sink, flow.Delivery{Alone: true})
			return nil
		}
	}
	// A file is a recording: nothing is left out.
	t.live = t.book.Add(liveOutput, newSink(out), flow.Delivery{Queued: true, Block: src.unhurried || out.regular, Bytes: o.queueMemory()})
	return nil
}

// newSink returns what makes the sink of the live output.
func (o *options) newSink(ro render.Options) func(io.Writer) wire.Sink {
	switch o.format {
	case "compact":
		return func(w io.Writer) wire.Sink { return render.NewCompact(w, ro) }
	case "jsonl":
		return func(w io.Writer) wire.Sink { return render.NewJSONL(w, int64(o.maxBody)) }
	}
	return func(w io.Writer) wire.Sink { return render.NewText(w, ro) }
}

// tap records and decodes one connection.
func (t *trace) tap(c *wire.Conn) wire.Tap {
	d := decode.New(c, t.decode, t.book.Of(c))
	d.Open()
	return t.recorders.tap(c, d)
}

// capture returns how captures are read.
func (t *trace) capture() pcap.Options {
	return pcap.Options{Numbers: &t.numbers, Recognize: decode.Recognize, MaxHeld: t.packetRoom}
}

// proxy returns what relays the clients of l to upstream, and traces them.
func (t *trace) proxy(l *intercept.Listener, upstream intercept.Upstream, warn func(error)) *intercept.Proxy {
	return &intercept.Proxy{Listener: l, Upstream: upstream, Numbers: &t.numbers, Tap: t.tap, TapFirst: len(t.recorders.all) > 0, Warn: warn}
}

// failed is called once for each output that cannot be written to. The traffic
// goes on.
func (t *trace) failed(name string, err error) {
	says := "%s ends here: %w"
	switch {
	case errors.Is(err, spool.ErrStalled):
		t.warn(fmt.Errorf("%s does not move: its end was not written", outputName(name)))
		return
	case name == flow.Masking:
		says = "%s failed, what follows on a connection is not shown: %w"
		t.lost.Store(true)
	case name != liveOutput:
		t.lost.Store(true)
	case errors.Is(err, syscall.EPIPE): // the reader has seen enough, as head does
		close(t.gone)
		return
	default:
		t.broken.Store(true)
	}
	t.warn(fmt.Errorf(says, name, err))
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
	t.book.Close()
	if t.live == nil {
		t.sumUp(t.stderr)
		return
	}
	stalled := errors.Is(t.live.Close(), flow.ErrStalled)
	if stalled && sameFile(t.out.file, t.stderr) {
		t.recorders.close(io.Discard) // there is nobody to tell
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
		complain(w, errors.New(countsLine(t.book.Counts())))
	}
	t.packets.sumUp(w)
	t.recorders.close(w)
	if err := missed(t.memory); err != nil {
		complain(w, err)
	}
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
