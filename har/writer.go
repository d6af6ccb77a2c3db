package har

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// Options say what a Writer writes.
type Options struct {
	// Version is that of the creator, "socktrace".
	Version string
	// Body is how many bytes of each body are recorded, if the Writer is given as
	// many.
	Body int64
	// MaxSize bounds the size of a file in bytes: an entry that would make it
	// larger begins another file. 0: there is no bound. An entry that is larger
	// by itself is written all the same. Streams have one document, however
	// large it is.
	MaxSize int64
	// Late has each file take its name when it is complete: until then what has that
	// name stays. It is for what is there already and can be recorded again: less is
	// written, but if the process is killed there is nothing. Where the folder lets no
	// new file be made, and for what is no regular file, it has no effect.
	Late bool
	// Pending is how many bytes of messages wait for the entries of their exchanges,
	// of all together: beyond it they are written as parts of these. 0 is 32 MiB.
	Pending int64
	// Spool is how many bytes of entries may wait in memory while the output
	// stalls: a pipe that is not read, a disk that hangs. Beyond it entries are
	// left out, counted, and told by an entry in their place. 0: nothing waits,
	// and Event does instead, however long that takes.
	Spool int64
}

// Writer records exchanges as HAR 1.2. It is a wire.Sink that may be called for
// several connections at once, and a wire.Ticker. It keeps no events.
//
// When Event has returned for an exchange, the file has its entry and is valid
// JSON, whatever kills the process. Exchanges that are open for longer than a
// second are in it too, as they were within the last second, if Tick is called. A
// file that hangs loses this until it has caught up, if Options.Spool allows that,
// and so does one with Options.Late until it is closed.
type Writer struct {
	o       Options
	out     *output
	spool   *spool.Spool // before out
	conns   sync.Map     // *wire.Conn → *conn, of those that are open
	spare   sync.Pool
	buffers sync.Pool             // of *object
	writing chan struct{}         // has what bounds how many entries are made at once
	failed  atomic.Pointer[error] // the first; nothing is written after it
	told    atomic.Bool           // Event has returned it
	waiting atomic.Int64          // bytes of messages that are not in the file
	whole   bool                  // the document is complete at every moment: a file that is not Late
	closing sync.Once

	refreshed time.Time // of Tick
}

// Create makes the file called name, a new one that only its owner may read, also
// where one is already: see openfile.Create. It is compressed if its name ends with ".gz". If Options.MaxSize is
// reached, more files follow: session.2.har after session.har. What is not a
// regular file is written as by NewWriter.
func Create(name string, o Options) (*Writer, error) {
	out := &output{o: o, name: name}
	if err := out.begin(); err != nil {
		return nil, fmt.Errorf("har: %w", err)
	}
	return newWriter(out), nil
}

// NewWriter returns a Writer whose document goes to out, which it does not
// close. The document is complete when the Writer is closed.
func NewWriter(out io.Writer, o Options) *Writer {
	return newWriter(&output{o: o, doc: newStream(out, nil)})
}

func newWriter(out *output) *Writer {
	w := &Writer{o: out.o, out: out, writing: make(chan struct{}, maxWriting)}
	if w.o.Pending <= 0 {
		w.o.Pending = maxPending
	}
	w.spare.New = func() any { return new(pending) }
	w.buffers.New = func() any { return new(object) }
	so := spool.Options{Size: w.o.Spool, Failed: w.fail}
	stream, ok := out.doc.(*stream)
	if ok {
		so.Stalls, so.Moved = stream.stalls, stream.w.Count
	}
	_, late := out.doc.(*aside)
	w.whole = !ok && !late
	w.spool = spool.New(out, so)
	if ok {
		w.spool.Put(spool.Unit{Of: header{}})
	}
	return w
}

// Needs is everything there is.
func (w *Writer) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Body: w.o.Body, Digest: true, Concurrent: true}
}

// Event records ev: an exchange when it has ended, or before if there is much of
// it. It returns the first error there was; nothing is written after that.
func (w *Writer) Event(ev wire.Event, x *wire.Exchange) error {
	if err := w.failure(); err != nil {
		return err
	}
	if ev, ok := ev.(*wire.Dropped); ok {
		w.spool.Put(w.out.gap(ev))
		return w.failure()
	}
	m := ev.EventMeta()
	if m.Conn == nil {
		return nil
	}
	c := w.conn(m.Conn)
	switch ev := ev.(type) {
	case *wire.Open:
		if x != nil {
			w.carries(x)
		}
	case *wire.TLS:
		c.shaken(ev)
	case *wire.Exchange:
		w.done(c, ev)
	case *wire.Close:
		w.rest(c, ev)
		w.conns.Delete(c.wire)
	default:
		if x != nil {
			w.during(c, x, ev)
		} else {
			w.beside(c, ev)
		}
	}
	return w.failure()
}

// during keeps what x will not tell at its end. Who has waited for long enough, or
// with too much, is written.
func (w *Writer) during(c *conn, x *wire.Exchange, ev wire.Event) {
	var p *pending
	switch ev.(type) {
	case *wire.Message, *wire.EOF:
		p = c.pending(x.Exchange)
	default:
		if p = c.find(x.Exchange); p == nil {
			return
		}
	}
	w.keep(c, p, x, func() { p.add(ev, x) })
}

// beside keeps what belongs to no exchange.
func (w *Writer) beside(c *conn, ev wire.Event) {
	o := c.outside.Load()
	if o == nil {
		o = new(outside)
		c.outside.Store(o)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	w.keep(c, &o.pending, &o.x, func() { o.add(c.wire, ev) })
}

// keep calls add, which may make p larger, and writes what is too much.
func (w *Writer) keep(c *conn, p *pending, x *wire.Exchange, add func()) {
	before := p.messages.size()
	add()
	n := p.messages.size()
	w.waiting.Add(int64(n - before))
	if n > maxPart || w.tooMuch(n) {
		w.part(c, p, x)
	}
}

// tooMuch says whether what waits is too much, n bytes of it for one exchange.
func (w *Writer) tooMuch(n int) bool {
	all := w.waiting.Load()
	return n > maxLittle && all > w.o.Pending/2 || n > 0 && all > w.o.Pending
}

// conn returns what is known of c.
func (w *Writer) conn(c *wire.Conn) *conn {
	if k, ok := w.conns.Load(c); ok {
		return k.(*conn)
	}
	k, _ := w.conns.LoadOrStore(c, newConn(c, &w.spare))
	return k.(*conn)
}

// byID returns the open connections, oldest first.
func (w *Writer) byID() []*conn {
	var all []*conn
	w.conns.Range(func(_, c any) bool {
		all = append(all, c.(*conn))
		return true
	})
	slices.SortFunc(all, func(a, b *conn) int { return a.wire.ID - b.wire.ID })
	return all
}

// failure returns the first error, and notes that the caller knows it.
func (w *Writer) failure() error {
	if err := w.failed.Load(); err != nil {
		w.told.Store(true)
		return *err
	}
	return nil
}

func (w *Writer) fail(err error) { w.failed.CompareAndSwap(nil, &err) }

// done writes an exchange that has ended.
func (w *Writer) done(c *conn, x *wire.Exchange) {
	p := c.pending(x.Exchange)
	w.entry(c, p, x, nil)
	c.end(p)
}

// rest writes what was outside of exchanges and is not in the file. ev is nil if
// the connection has not ended.
func (w *Writer) rest(c *conn, ev *wire.Close) {
	o := c.outside.Load()
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	w.restOf(c, o, ev)
}

// restOf is rest with o locked.
func (w *Writer) restOf(c *conn, o *outside, ev *wire.Close) {
	if !o.empty(&o.x) {
		if ev != nil {
			o.x.State = wire.StateDone
		}
		w.entry(c, &o.pending, &o.x, ev)
	}
	w.forget(&o.pending)
	o.reset()
}

// Close ends the document, as well as it can after an error. It returns errors
// that Event has not returned; one that is spool.ErrStalled if the output takes
// nothing and Options.Spool is set.
func (w *Writer) Close() error {
	err := os.ErrClosed
	w.closing.Do(func() { err = w.close() })
	return err
}

func (w *Writer) close() error {
	w.spool.Queue() // it may hang just now
	for _, c := range w.byID() {
		if o := c.outside.Load(); o != nil && w.lock(o) {
			w.restOf(c, o, nil)
			o.mu.Unlock()
		}
	}
	if err := w.spool.Close(); err != nil {
		w.fail(err)
	}
	told := w.told.Load()
	err := w.failed.Load()
	closed := fmt.Errorf("har: %w", os.ErrClosed)
	w.failed.Store(&closed)
	if err == nil || told {
		return nil
	}
	return *err
}

// Abandon is Close where nothing was recorded: what is at the name of a file of
// Options.Late stays.
func (w *Writer) Abandon() {
	if late, ok := w.out.doc.(*aside); ok {
		late.abandon()
	}
	_ = w.Close()
}

// lock locks o, unless that is held by a write that hangs.
func (w *Writer) lock(o *outside) bool {
	for tries := 0; !o.mu.TryLock(); tries++ {
		if tries > 100 && w.spool.Hangs() {
			return false
		}
		time.Sleep(time.Millisecond)
	}
	return true
}

// Files returns the names of the files, none for a stream.
func (w *Writer) Files() []string {
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	return slices.Clone(w.out.files)
}

// Entries returns how many entries were written to all files: each part of a
// long exchange is one.
func (w *Writer) Entries() int64 {
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	return w.out.entries
}

// LeftOut returns how many entries were left out since the output stalled, and
// their size in bytes.
func (w *Writer) LeftOut() (entries, bytes int64) { return w.spool.LeftOut() }
