package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/openfile"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/otlp"
	"github.com/socktrace/socktrace/wire"
)

// recorders write files beside the live output, before the bytes go on: what a
// client has got is in the file, however the process ends. An output that stalls
// has the rest wait in memory; what there is no room for is left out, marked and
// counted. A file that cannot be written to is reported once and given up; the
// traffic goes on.
type recorders struct {
	book      *flow.Book
	failed    func(name string, err error)
	ruined    func(name string) bool // it could not be written to
	kept      func(name string) bool // so it stays what it was before
	warn      func(error)
	container func(c *wire.Conn, id string) string // the name of a container of a daemon, if it is known
	spool     int64                                // what may wait for each that stalls, in bytes; 0: the source waits
	unhurried bool                                 // the source waits for outputs
	late      bool                                 // files take their names when they are complete: the source is there to be read again
	runs      bool                                 // it is a command with our environment
	behind    bool                                 // they see bytes after what decodes them, whose secrets of TLS are to be before them
	all       []recorder
	exporter  *otlp.Exporter // nil: nothing is exported
	trail     *otlp.Audit    // nil: no lines of an audit are
	meter     *otlp.Meter    // nil: nothing is counted
	command   *otlp.Run      // what is run, for its span; nil: there is none
}

// recorder is one of them.
type recorder struct {
	tap    func(*wire.Conn) wire.Tap // records bytes; nil if it is a sink of the book
	keys   func(lines []byte)        // records secrets of TLS; nil: it has no place for them
	after  bool                      // nothing of it has to be written before the bytes go on
	own    func(client string) bool  // reports whether a connection is of the recorder itself; nil: none is
	close  func()                    // ends the file
	giveUp func()                    // is called instead of close where nothing was recorded: what was there before stays; nil: close is
	settle func(*wire.Conn)          // is told when a read of a connection has been decoded; nil: it need not be
	name   string                    // of the file, with refuse
	refuse func(*wire.Conn) error    // says why nothing more of a connection is relayed; nil: it never does
	says   func() string             // what is in it; nil: nothing is said of that
	lacks  func() error              // what was left out of it; nil if nothing was
}

// open creates the files that the flags name, for their owner alone, until ctx ends.
func (r *recorders) open(ctx context.Context, o *options, s std) error {
	for _, f := range []struct {
		name string
		open func(context.Context, *options, std) (recorder, error)
	}{{o.har, r.openHAR}, {o.pcapng, r.openPcapng}, {o.audits(), r.openAudit}, {o.policy.file, r.openPolicy}, {o.otlp.counts(), r.openMetrics}, {o.otlp.addr, r.openOTLP}} {
		if f.name == "" {
			continue
		}
		one, err := f.open(ctx, o, s)
		if err != nil {
			return err
		}
		r.all = append(r.all, one)
	}
	return nil
}

// mask reports whether one of them records what was masked: those of bytes do not.
func (r *recorders) mask() bool {
	return slices.ContainsFunc(r.all, func(one recorder) bool { return one.tap == nil })
}

// openHAR records exchanges.
func (r *recorders) openHAR(ctx context.Context, o *options, s std) (recorder, error) {
	ho := har.Options{Version: versionString(), MaxSize: int64(o.harMaxSize), Body: int64(o.maxBody), Pending: o.noteMemory(), Spool: r.spool, Late: r.late}
	var w *har.Writer
	if o.har == "-" {
		w = har.NewWriter(s.out, ho)
	} else {
		var err error
		if w, err = opened(ctx, o.har, s.err, func() (*har.Writer, error) { return har.Create(o.har, ho) }); err != nil {
			return recorder{}, err // it says that it is about HAR
		}
	}
	outlet := r.book.Add(o.har, w, flow.Delivery{})
	says := func() string {
		files := w.Files()
		switch {
		case len(files) > 0:
		case o.har == "-":
			files = []string{o.har}
		default:
			return "" // it was said why none was made
		}
		return strings.Join(files, ", ") + ": " + plural.Of(w.Entries(), "entry")
	}
	end := func() { _ = outlet.Close() } // it has no queue that could stall
	return recorder{close: end, giveUp: w.Abandon, says: says, lacks: r.leftOut(o.har, "entry", w.LeftOut, "event", outlet.Dropped)}, nil
}

// openPcapng records bytes.
func (r *recorders) openPcapng(ctx context.Context, o *options, s std) (recorder, error) {
	f, err := r.pcapngFile(ctx, o.pcapng, s)
	if err != nil {
		return recorder{}, fmt.Errorf("pcapng: %w", err)
	}
	var once sync.Once
	tell := func(err error) {
		if err != nil {
			once.Do(func() { r.failed(o.pcapng, err) })
		}
	}
	w, err := pcap.NewWriter(f.w, pcap.WriterOptions{Version: versionString(), Failed: tell, Spool: r.spool})
	if err != nil {
		_ = f.end()
		return recorder{}, err // it says that it is about pcapng
	}
	r.warn(fmt.Errorf("%s gets every byte as it was sent, with all passwords and tokens", outputName(o.pcapng)))
	end := sync.OnceFunc(func() {
		tell(w.Close())
		tell(f.end())
	})
	return recorder{tap: w.Tap, keys: w.KeyLog, close: end, giveUp: f.giveUp, lacks: r.leftOut(o.pcapng, "packet", w.LeftOut, "packet", w.LeftOut)}, nil
}

// bytesFile is where a recording of bytes goes.
type bytesFile struct {
	w      io.Writer
	end    func() error // ends it
	giveUp func()       // leaves what was there before; nil: end does what can be done
}

// pcapngFile returns the file called name, which is ours unless it is standard
// output.
func (r *recorders) pcapngFile(ctx context.Context, name string, s std) (bytesFile, error) {
	if name == "-" {
		if term.IsTerminal(int(s.out.Fd())) {
			return bytesFile{}, errors.New("standard output is a terminal")
		}
		return bytesFile{s.out, func() error { return nil }, nil}, nil
	}
	if r.late {
		if f, ok := openfile.Succeed(name); ok {
			return bytesFile{f, f.Finish, f.Abandon}, nil
		}
	}
	f, err := opened(ctx, name, s.err, func() (*os.File, error) { return openfile.Create(name) })
	if err != nil {
		return bytesFile{}, err
	}
	return bytesFile{f, f.Close, nil}, nil
}

// counted returns how much was left out, and the bytes of it.
type counted func() (n, bytes int64)

// leftOut returns what says how much was left out of a recording: since it was
// slow, or, as missing counts it, since it could not be written to any more.
func (r *recorders) leftOut(name, what string, slow counted, missing string, ruined counted) func() error {
	return func() error {
		if r.kept(name) {
			return nil // nothing is in it, which was said
		}
		if r.ruined(name) {
			n, bytes := ruined()
			return fmt.Errorf("%s lacks %s with %s, from there on", outputName(name), plural.Of(n, missing), plural.Of(bytes, "byte"))
		}
		n, bytes := slow()
		if n == 0 {
			return nil
		}
		return fmt.Errorf("%s was too slow: %s with %s %s left out (--spool SIZE keeps more)", outputName(name), plural.Of(n, what), plural.Of(bytes, "byte"), plural.Verb(n, "was", "were"))
	}
}

// outputName is how messages call the output that a flag names.
func outputName(name string) string {
	if name == "-" {
		return standardOutput
	}
	return name
}

// bytes reports whether there is a recording of bytes.
func (r *recorders) bytes() bool {
	return slices.ContainsFunc(r.all, func(one recorder) bool { return one.tap != nil })
}

// reads reports whether one of them looks at the bytes of each read, or is told of it.
func (r *recorders) reads() bool {
	return r.meter != nil || slices.ContainsFunc(r.all, func(one recorder) bool { return one.tap != nil || one.settle != nil })
}

// first reports whether one of them has to have what a client gets, before that does.
func (r *recorders) first() bool {
	return slices.ContainsFunc(r.all, func(one recorder) bool { return !one.after })
}

// ours reports whether c is a connection of one of them.
func (r *recorders) ours(c *wire.Conn) bool {
	return slices.ContainsFunc(r.all, func(one recorder) bool { return one.own != nil && one.own(c.Client.Addr) })
}

// secrets records lines of a key log.
func (r *recorders) secrets(lines []byte) {
	for _, one := range r.all {
		if one.keys != nil {
			one.keys(lines)
		}
	}
}

// tap returns a tap that records the bytes of c before it shows them to next, or behind
// that.
func (r *recorders) tap(c *wire.Conn, next wire.Tap) wire.Tap {
	for _, one := range r.all {
		if one.settle != nil {
			next = &settled{next, func() { one.settle(c) }}
		}
	}
	if !r.bytes() {
		return next
	}
	var taps wire.Taps
	for _, one := range r.all {
		if one.tap != nil {
			taps = append(taps, one.tap(c))
		}
	}
	if r.behind {
		return append(wire.Taps{next}, taps...)
	}
	return append(taps, next)
}

// giveUp ends the files, in which nothing was recorded: where they have not taken the place
// of others, those stay.
func (r *recorders) giveUp() {
	for _, one := range r.all {
		if one.giveUp != nil {
			one.giveUp()
		} else {
			one.close()
		}
	}
}

// finish has the files take their names that do so when they are complete. Recording may
// still go on, of which nothing more is in them then. close is still to be called.
func (r *recorders) finish() {
	for _, one := range r.all {
		if r.late && one.giveUp != nil {
			one.close()
		}
	}
}

// close ends the files and says what is in them, and what is not.
func (r *recorders) close(w io.Writer) {
	for _, one := range r.all {
		one.close()
		if one.says != nil {
			if says := one.says(); says != "" {
				complain(w, errors.New(says))
			}
		}
		if err := one.lacks(); err != nil {
			r.warn(err)
		}
	}
}
