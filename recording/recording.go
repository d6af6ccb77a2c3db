package recording

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/intercept/strace"
	"github.com/socktrace/socktrace/recording/jsonl"
	"github.com/socktrace/socktrace/wire"
)

// Options say how a recording is opened.
type Options struct {
	// Numbers gives connections numbers that those of other recordings do not
	// have; nil: they have those of the recording.
	Numbers wire.Numbering
	// Recognize tells what the first bytes of a direction are, for captures: see
	// pcap.Options.
	Recognize func([]byte) wire.Opening
	// KeyLog gets the key logs in captures: see pcap.Options.
	KeyLog func([]byte)
	// Captures, if not nil, reads captures as parts of one, to be closed behind the
	// last: they are not summed up one by one.
	Captures *pcap.Reader
	// MaxHeld is that of pcap.Options, and how long lines of JSON may be, in bytes; 0 is
	// the usual.
	MaxHeld int
	// Strace says that it is what strace has printed, however it begins.
	Strace bool
	// ByTime says that of all that was said at the same time the order is wanted, as far as the
	// recording tells: see har.ReadByTime.
	ByTime bool
	Watch  Watch // nil: nobody does
}

// Recording is an open recording, to be read once, and closed.
type Recording struct {
	name    string
	format  Format
	in      *bufio.Reader
	closers [2]io.Closer // what decompresses, and the file
	capture pcap.Options
	series  *pcap.Reader // nil: it is read by itself
	byTime  bool
	base    int // highest number of recordings before
}

// Summary is what there is to say about a recording that was read.
type Summary struct {
	Packets pcap.Stats // of a capture
	// Repairs say what was not as it should be, and what was made of it.
	Repairs []string
}

// Open opens the file called name, or stdin if it is "-", and finds out what it
// is. It waits for the first bytes of a pipe, until ctx ends, which must go on
// until the Recording is closed. Errors name the file.
func Open(ctx context.Context, name string, stdin *os.File, o Options) (*Recording, error) {
	file, err := openInput(ctx, name, stdin, o.Watch)
	if err != nil {
		return nil, err
	}
	r := &Recording{name: Name(name), capture: pcap.Options{Numbers: o.Numbers, Recognize: o.Recognize, MaxHeld: o.MaxHeld, KeyLog: o.KeyLog}, series: o.Captures, byTime: o.ByTime}
	if o.Numbers == nil {
		r.capture.Numbers = new(wire.Numbers)
	}
	var z io.Closer
	if r.in, z, err = unpack(file, file.atRest); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	r.closers = [2]io.Closer{z, file}
	if r.format = Strace; !o.Strace {
		r.format, err = formatOf(r.in, name)
	}
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return r, nil
}

// Name returns what the file called name is called in messages.
func Name(name string) string {
	if name == stdinName {
		return "standard input"
	}
	return name
}

// Format returns what the recording is.
func (r *Recording) Format() Format { return r.format }

// Close closes the file.
func (r *Recording) Close() error {
	for _, c := range r.closers {
		c.Close() // it was only read
	}
	return nil
}

// Read reads all of the recording, in the goroutine of the caller, until ctx
// ends. It calls newTap for every connection of a capture, unless Captures does,
// and of strace, and shows it the chunks; of other formats it calls emit for every event. What there was before
// an error is told, and is in the Summary. Errors name the file.
func (r *Recording) Read(ctx context.Context, newTap func(*wire.Conn) wire.Tap, emit func(wire.Event)) (s Summary, err error) {
	r.base = r.capture.Numbers.Last()
	switch {
	case r.format == Capture && r.series != nil:
		err = r.series.Read(ctx, r.in)
	case r.format == Capture:
		s.Packets, err = pcap.Read(ctx, r.in, r.capture, newTap)
	case r.format == Strace:
		o := strace.Options{Numbers: r.capture.Numbers, Recognize: r.capture.Recognize, MaxHeld: r.capture.MaxHeld}
		var stats strace.Stats
		stats, err = strace.Read(ctx, r.in, o, newTap)
		s.Repairs = stats.Remarks()
	case r.format == JSONLines:
		s.Repairs, err = jsonl.Read(ctx, r.in, r.capture.MaxHeld, r.numbered(emit))
	case r.byTime:
		s.Repairs, err = har.ReadByTime(until{ctx, r.in}, r.numbered(emit))
	default:
		s.Repairs, err = har.Read(until{ctx, r.in}, r.numbered(emit))
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", r.name, err)
	}
	return s, err
}

// numbered returns what gives connections their numbers before emit sees them.
func (r *Recording) numbered(emit func(wire.Event)) func(wire.Event) {
	return func(ev wire.Event) {
		if open, ok := ev.(*wire.Open); ok {
			r.number(open.Conn)
		}
		emit(ev)
	}
}

// number gives c a number of its own among the connections of all recordings.
func (r *Recording) number(c *wire.Conn) {
	c.ID = r.capture.Numbers.Claim(r.base + c.ID)
}

// until is a reader that ends when ctx does.
type until struct {
	ctx context.Context
	in  io.Reader
}

func (u until) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.in.Read(b)
}
