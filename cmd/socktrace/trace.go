package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/openfile"
	"github.com/socktrace/socktrace/internal/proctable"
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// trace is what happens to the bytes of the connections: recordings, decoders,
// the redactor, and the sinks behind the book.
//
//	Tap ┬► recordings of bytes
//	    └► decode.Conn ─► redact ─► book ┬► recordings of exchanges, statistics
//	                                     └► queue ─► text, compact or jsonl ─► out
type trace struct {
	decode    decode.Options
	redact    *redact.Redactor
	book      *flow.Book
	recorders recorders
	live      *flow.Outlet    // nil with --quiet
	stats     *statistics     // nil: none are wanted
	teller    *explain.Teller // nil: nothing is explained
	byTime    bool            // what recordings tell is wanted in the order of time
	out       *output         // of the live output; nil if there is nothing to write to it
	color     bool            // of the live output
	memory    *memory.Budget
	room      int          // for packets that wait for others
	numbers   wire.Numbers // of connections
	packets   captured
	mixed     *mixing // of TLS and plain text
	before    maskedBefore
	shown     maskedShown      // nil: all is shown
	bodiless  bool             // nothing is kept of bodies and streams
	proxied   *intercept.Proxy // nil: nothing is relayed
	faults    *faults          // nil: nothing is changed
	filtered  bool             // not all exchanges are shown
	audits    bool             // who asks is to be known
	waited    func() error     // what --slower has left out
	secrets   *keylog.Store    // of TLS in captures; nil: none are read
	opaque    atomic.Int64     // connections of TLS in captures that were not read
	stderr    *os.File
	tell      io.Writer // messages to stderr
	warn      func(error)
	unhurried bool          // the source waits for the outputs
	summary   bool          // the format has room for one
	rest      string        // where there is more than was shown; empty: nobody has to be told
	front     *tls.Config   // that clients are spoken to with; nil: plain
	keys      io.Writer     // gets the secrets of TLS that we speak; nil: nothing does
	closeKeys func()        // nil: there is nothing to close
	gone      chan struct{} // closed when the reader of the live output has gone away
	broken    atomic.Bool   // the live output failed otherwise
	lost      atomic.Bool   // a recording was given up
	ruined    sync.Map      // names of the recordings that were
	kept      sync.Map      // names of those that stay what they were before, since they could not be written
	closing   sync.Once
	closed    chan struct{} // closed when all was written
}

// liveOutput is what the live output is called when it fails.
const liveOutput = "the live output"

// newTrace opens the recordings and the live output, until ctx ends.
func newTrace(ctx context.Context, o *options, src source, s std) (*trace, error) {
	schema, err := loadProtos(ctx, o.protos)
	if err != nil {
		return nil, err
	}
	if err := o.checkOutputs(ctx, s.err); err != nil {
		return nil, err
	}
	held := o.limitMemory()
	o.filter.within(held, src.unhurried)
	t := &trace{
		memory:    held,
		room:      o.packetMemory(),
		before:    maskedBefore{},
		bodiless:  o.maxBody == 0,
		redact:    redact.New(redact.Options{Off: o.showSecrets, Names: o.mask, Memory: held}),
		filtered:  o.filter.made != nil,
		audits:    o.audits() != "",
		waited:    o.filter.waited,
		stderr:    s.errFile,
		tell:      s.err,
		warn:      (&warner{w: s.err}).warn,
		unhurried: src.unhurried,
		byTime:    o.ordered(),
		gone:      make(chan struct{}),
		closed:    make(chan struct{}),
	}
	t.mixed = &mixing{warn: t.warn, hints: o.mixingHints(src, s.getenv)}
	subjects := subject.NewReader()
	t.book = flow.New(flow.Options{
		Mask: t.redact.Event, Learn: subjects.Learn, Explain: t.explains(o), Filter: o.filter.wire(),
		Failed: t.failed, Memory: t.memory, Still: src.atRest, Unhurried: src.unhurried,
	})
	if t.filtered {
		t.shown = maskedShown{}
		t.book.Add("what was masked", t.shown, flow.Delivery{})
	}
	if o.compared != nil {
		t.book.Add("what is compared", o.compared, flow.Delivery{})
	}
	in := func(names *sync.Map) func(string) bool {
		return func(name string) bool { _, is := names.Load(name); return is }
	}
	if src.captured {
		if t.secrets, err = o.openKeyLogs(!src.unhurried, held, t.warn); err != nil {
			return nil, err
		}
	}
	t.recorders = recorders{book: t.book, failed: t.failed, ruined: in(&t.ruined), kept: in(&t.kept), warn: t.warn, spool: o.spoolMemory(src), unhurried: src.unhurried, late: src.atRest, runs: src.childStdout, container: subjects.Container}
	err = t.recorders.open(ctx, o, s)
	if t.secrets != nil && t.recorders.bytes() {
		t.recorders.behind = true
		t.secrets.Used(t.recorders.secrets)
	}
	if err == nil && o.shows() {
		err = t.openLive(ctx, o, src, s)
	}
	if err != nil {
		t.recorders.giveUp()
		return nil, err
	}
	t.summary = !o.shows() || o.prose() && o.lesson.format == "" && !o.policy.all && o.kept == nil
	needs := t.book.Needs()
	if t.faults = o.faults.plan(t.warn); t.faults != nil {
		needs = needs.Union(t.faults.plan.Needs())
	}
	t.decode = decodeOptions(needs, int64(o.maxBody), t.memory, &t.numbers)
	t.decode.Protobuf = schema
	if t.filtered && t.faults == nil { // which look at all there is
		t.decode.Hidden = t.book.Hides
	}
	if t.secrets != nil {
		t.decode.Keys = t.secrets
	}
	return t, nil
}

// openLive opens the live output.
func (t *trace) openLive(ctx context.Context, o *options, src source, s std) error {
	out, err := openOutput(ctx, o.output, src.file(s), s.err)
	if err != nil {
		return err
	}
	color, _ := render.UseColor(o.color, s.getenv, out.terminal) // check knows the word
	t.out, t.color = out, color
	ro := o.renderOptions(out, color, s.getenv)
	if o.stats {
		t.stats = newStatistics(t.book, o, ro)
	}
	if o.quiet {
		return nil
	}
	newSink := o.newSink(ro)
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

// tap records and decodes one connection.
func (t *trace) tap(c *wire.Conn) wire.Tap {
	if t.recorders.ours(c) {
		return nobody{}
	}
	d := t.decoder(c, t.decode, t.faults.seeing(c, t.book.Of(c)))
	next := t.recorders.tap(c, &firstLook{Tap: d, mixed: t.mixed.tell, live: t.proxied != nil})
	if t.recorders.meter != nil {
		next = t.recorders.meter.Tap(c, next, d.Bytes)
	}
	return next
}

// decoder decodes one connection.
func (t *trace) decoder(c *wire.Conn, o decode.Options, emit func(wire.Event)) *decode.Conn {
	if t.secrets != nil {
		emit = t.countOpaque(emit)
	}
	d := decode.New(c, o, emit)
	d.Open()
	return d
}

// capture returns how captures are read.
func (t *trace) capture() pcap.Options {
	return pcap.Options{Numbers: &t.numbers, Recognize: decode.Recognize, MaxHeld: t.room, KeyLog: t.keyLog()}
}

// proxy returns what relays the clients of l to upstream, and traces them.
func (t *trace) proxy(l net.Listener, upstream intercept.Upstream, warn func(error)) *intercept.Proxy {
	upstream.TLS = t.logged(upstream.TLS)
	t.proxied = &intercept.Proxy{Listener: l, Upstream: upstream, TLS: t.logged(t.front), Numbers: &t.numbers, Tap: t.tap, TapFirst: t.recorders.first(), Refuse: t.refusal(), Warn: hinting(warn)}
	if t.faults != nil {
		t.faults.announce(warn)
		t.proxied.Meddle = t.meddler
	}
	if t.audits {
		t.proxied.Describe = proctable.NewReader().Describe
	}
	return t.proxied
}

// failed is called once for each output that cannot be written to. The traffic
// goes on.
func (t *trace) failed(name string, err error) {
	says := "%s ends here: %w"
	switch {
	case err == nil: // it has been said what it lacks
		t.lost.Store(true)
		return
	case errors.Is(err, spool.ErrStalled):
		t.warn(fmt.Errorf("%s does not move: its end was not written", outputName(name)))
		return
	case errors.As(err, new(*openfile.KeptError)):
		t.lost.Store(true)
		t.kept.Store(name, true)
		t.warn(err)
		return
	case errors.Is(err, filter.ErrGivenUp):
		says = "%s: what it cannot decide is shown: %w"
	case name == flow.Filtering:
		says = "%s failed, what it cannot decide is not shown: %w"
	case name == flow.Masking:
		says = "%s failed, what follows on a connection is not shown: %w"
		t.lost.Store(true)
		t.ruined.Store(name, true)
	case name != liveOutput:
		t.lost.Store(true)
		t.ruined.Store(name, true)
	case errors.Is(err, syscall.EPIPE): // the reader has seen enough, as head does
		close(t.gone)
		return
	default:
		t.broken.Store(true)
	}
	t.warn(fmt.Errorf(says, outputName(name), err))
}

// warner prints messages for the user, from any goroutine: each with one Write.
type warner struct{ w io.Writer }

func (w *warner) warn(err error) { complain(w.w, err) }

// grace is how long open connections may go on after the command has ended.
const grace = time.Second

func graceContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), grace)
}
