package serve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/recording"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// decoderRoom is what decoders of captures may hold besides the Script, in bytes.
const decoderRoom = 256 << 20

// ReadOptions say how recordings are read.
type ReadOptions struct {
	Stdin *os.File // is read for the name "-"
	// ShowSecrets leaves what is secret in answers as it is, where the recording has it.
	// Otherwise it is masked.
	ShowSecrets bool
	Mask        []string        // further names of secrets, of clients too: see redact.Options
	Warn        func(err error) // gets what was not as it should be; may be nil
}

// Read reads recordings of any form, one after the other, as one Script, until ctx ends.
// An error names the file: it cannot be read, there is nothing in it to be served
// (ErrEmpty), or too much (ErrTooLarge). What can be read of a file that breaks in the
// middle is served, and Warn gets the error.
func Read(ctx context.Context, files []string, o ReadOptions) (*Script, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := newReader(o, stop)
	for i, name := range files {
		r.collector.file = i
		if err := r.file(ctx, name); err != nil {
			return nil, err
		}
	}
	s, err := r.finish()
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, strings.Join(files, ", "))
	}
	return s, nil
}

// reader reads recordings into a collector.
type reader struct {
	collector *collector
	o         ReadOptions
	redact    *redact.Redactor
	book      *flow.Book
	decode    decode.Options
	numbers   wire.Numbers
	keys      *keylog.Store // of TLS, that captures have inside
	outlet    *flow.Outlet
	before    map[string]bool // names of what was masked already
	failed    error           // of masking, or of the collector
}

func newReader(o ReadOptions, full func()) *reader {
	if o.Warn == nil {
		o.Warn = func(error) {}
	}
	r := &reader{collector: newCollector(full), o: o, before: make(map[string]bool), redact: redact.New(redact.Options{Off: o.ShowSecrets, Names: o.Mask})}
	r.book = flow.New(flow.Options{
		Mask: r.redact.Event, Learn: subject.NewReader().Learn, Still: true, Unhurried: true,
		Failed: func(_ string, err error) { r.failed = err },
	})
	held := memory.New(decoderRoom)
	r.keys = keylog.New(held, o.Warn)
	r.outlet = r.book.Add("the script", r.collector, flow.Delivery{Alone: true})
	r.decode = decode.Options{
		Needs: r.book.Needs(), MaxMessage: maxBody, Budget: decode.BudgetOf(held),
		Terminals: decode.NewTerminals(), Numbers: &r.numbers, Keys: r.keys,
	}
	if o.ShowSecrets { // in what is shown otherwise there would be secrets that nobody sees
		r.decode.Protobuf = protobuf.Embedded().WithBytes()
	}
	return r
}

// file reads one file.
func (r *reader) file(ctx context.Context, name string) error {
	rec, err := recording.Open(ctx, name, r.o.Stdin, recording.Options{Numbers: &r.numbers, Recognize: decode.Recognize, KeyLog: r.keyLog})
	if err != nil {
		return err
	}
	defer rec.Close()
	before := len(r.collector.all)
	s, err := rec.Read(ctx, r.tap, r.event)
	switch {
	case r.collector.failed != nil:
		return fmt.Errorf("%s: %w", recording.Name(name), r.collector.failed)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	for _, repair := range s.Repairs {
		r.o.Warn(fmt.Errorf("%s: %s", recording.Name(name), repair))
	}
	if gaps := s.Packets.Gaps; gaps > 0 {
		r.o.Warn(fmt.Errorf("%s: %s with %s missing", recording.Name(name), plural.Of(gaps, "gap"), plural.Of(s.Packets.LostBytes, "byte")))
	}
	switch {
	case err != nil && len(r.collector.all) == before:
		return err
	case err != nil:
		r.o.Warn(err)
	}
	return nil
}

// keyLog takes a key log that is in a capture.
func (r *reader) keyLog(text []byte) {
	r.keys.Expect()
	r.keys.Add("the key log in the capture", text)
}

// tap decodes a connection of a capture.
func (r *reader) tap(c *wire.Conn) wire.Tap {
	d := decode.New(c, r.decode, r.book.Of(c))
	d.Open()
	return d
}

// finish closes the book, and returns the script.
func (r *reader) finish() (*Script, error) {
	r.book.Close()
	if err := errors.Join(r.outlet.Close(), r.failed); err != nil {
		return nil, err
	}
	s, err := r.collector.finish()
	if err == nil {
		s.mask = r.o.Mask
		s.masked = slices.DeleteFunc(r.redact.Summary(), func(c redact.Count) bool { return r.before[c.Name] })
	}
	return s, err
}

// event passes on an event of a recording, and notes what is masked in it already.
func (r *reader) event(ev wire.Event) {
	for _, name := range wire.MaskedIn(ev) {
		if len(r.before) < maxNames {
			r.before[name] = true
		}
	}
	r.book.Event(ev)
}

// maxNames is how many names of what was masked before are remembered.
const maxNames = 1000
