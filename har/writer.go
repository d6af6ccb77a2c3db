package har

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Options say what a Writer writes.
type Options struct {
	// Version is that of the creator, "socktrace".
	Version string
	// Body is how many bytes of each body are recorded, if the Writer is given as
	// many.
	Body int64
	// Source says where the events come from, such as "proxy" or "pcap"; empty
	// if that is not to be told.
	Source string
	// MaxSize bounds the size of a file in bytes: an entry that would make it
	// larger begins another file. 0: there is no bound. An entry that is larger
	// by itself is written all the same. Streams have one document, however
	// large it is.
	MaxSize int64
}

// Writer records exchanges as HAR 1.2. It is a wire.Sink that may be called for
// several connections at once, and a wire.Ticker. It keeps no events.
//
// When Event has returned for an exchange, the file has its entry and is valid
// JSON, whatever kills the process. Exchanges that are open for longer than a
// second are in it too, as they were within the last second, if Tick is called.
type Writer struct {
	o       Options
	name    string   // "": it is a stream
	conns   sync.Map // *wire.Conn → *conn, of those that are open
	spare   sync.Pool
	buffers sync.Pool             // of *object
	failed  atomic.Pointer[error] // the first; nothing is written after it
	told    atomic.Bool           // Event has returned it
	waiting atomic.Int64          // bytes of messages that are not in the file
	whole   bool                  // the document is a file: complete at every moment
	closing sync.Once

	refreshed time.Time // of Tick

	mu      sync.Mutex // taken last; guards what follows
	doc     medium
	pages   pages
	opens   []*pending // those with a provisional entry
	tail    []byte
	dirty   bool  // tail is not what it should be
	inFile  int64 // entries of the current file
	entries int64
	files   []string
}

// Create makes the file called name, readable for its owner only, or empties
// it. It is compressed if its name ends with ".gz". If Options.MaxSize is
// reached, more files follow: session.2.har after session.har. What is not a
// regular file is written as by NewWriter.
func Create(name string, o Options) (*Writer, error) {
	w := newWriter(o)
	w.name = name
	if err := w.begin(); err != nil {
		return nil, err
	}
	_, ok := w.doc.(*stream)
	w.whole = !ok
	return w, nil
}

// NewWriter returns a Writer whose document goes to out, which it does not
// close. The document is complete when the Writer is closed.
func NewWriter(out io.Writer, o Options) *Writer {
	w := newWriter(o)
	w.doc = &stream{w: out}
	if err := w.header(); err != nil {
		w.fail(err)
	}
	return w
}

func newWriter(o Options) *Writer {
	w := &Writer{o: o}
	w.spare.New = func() any { return new(pending) }
	w.buffers.New = func() any { return new(object) }
	return w
}

// begin opens the next file.
func (w *Writer) begin() error {
	name := fileName(w.name, len(w.files)+1)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("har: %w", err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		w.doc = &stream{w: f, closer: f}
	default:
		if info.Mode().Perm()&0o077 != 0 {
			f.Chmod(0o600) // it was there before; if it is not ours, so be it
		}
		if strings.HasSuffix(name, ".gz") {
			w.doc, err = newGzipFile(f)
		} else {
			w.doc = &plainFile{f: f, limit: w.o.MaxSize}
		}
	}
	if err == nil {
		err = w.header()
	}
	if err != nil {
		f.Close()
		return fmt.Errorf("har: %w", err)
	}
	w.files = append(w.files, name)
	return nil
}

// fileName returns the name of the nth file.
func fileName(name string, n int) string {
	if n == 1 {
		return name
	}
	stem, zip := name, ""
	if strings.HasSuffix(stem, ".gz") {
		stem, zip = strings.TrimSuffix(stem, ".gz"), ".gz"
	}
	ext := filepath.Ext(stem)
	return strings.TrimSuffix(stem, ext) + "." + strconv.Itoa(n) + ext + zip
}

// header writes the beginning of a document.
func (w *Writer) header() error {
	version := w.o.Version
	if version == "" {
		version = "unknown"
	}
	o := newObject(`{"log":{"version":"1.2","creator":{"name":"socktrace"`)
	o.String("version", version)
	o.B = append(o.B, `},"entries":[`...)
	w.inFile = 0
	w.makeTail()
	return w.doc.extend(o.B, w.tail, true)
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
	m := ev.EventMeta()
	if m.Conn == nil {
		return nil
	}
	c := w.conn(m.Conn)
	switch ev := ev.(type) {
	case *wire.Open, *wire.Dropped:
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
	w.keep(c, p, x, func() { p.add(ev) })
}

// beside keeps what belongs to no exchange.
func (w *Writer) beside(c *conn, ev wire.Event) {
	o := &c.outside
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
	if n > maxPart || n > maxLittle && w.waiting.Load() > maxPending {
		w.part(c, p, x)
	}
}

// conn returns what is known of c.
func (w *Writer) conn(c *wire.Conn) *conn {
	if k, ok := w.conns.Load(c); ok {
		return k.(*conn)
	}
	k, _ := w.conns.LoadOrStore(c, newConn(c, &w.spare))
	return k.(*conn)
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
	o := &c.outside
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.empty(&o.x) {
		if ev != nil {
			o.x.State = wire.StateDone
		}
		w.entry(c, &o.pending, &o.x, ev)
	}
	w.forget(&o.pending)
	o.reset()
}

// Close ends the document, as well as it can after an error. It returns errors that Event has not returned.
func (w *Writer) Close() error {
	err := os.ErrClosed
	w.closing.Do(func() { err = w.close() })
	return err
}

func (w *Writer) close() error {
	for _, c := range w.byID() {
		w.rest(c, nil)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opens = nil
	w.makeTail()
	if err := w.doc.finish(w.tail); err != nil {
		w.fail(fmt.Errorf("har: %w", err))
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

// Files returns the names of the files, none for a stream.
func (w *Writer) Files() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.files...)
}

// Entries returns how many entries were written to all files: each part of a
// long exchange is one.
func (w *Writer) Entries() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.entries
}
