package strace

import (
	"bytes"
	"container/list"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Options say how Read reads, and bound its memory.
type Options struct {
	// MaxSockets is how many sockets are followed at once, and as many threads; 0 is
	// 20,000. Beyond it the one is forgotten that was idle longest.
	MaxSockets int
	// MaxHeld is how many bytes may be held of calls that have not ended and of
	// connections of which too little is known, all together; 0 is 64 MiB.
	MaxHeld int
	// Numbers numbers the connections, among others if there are more sources. Nil:
	// they are numbered by themselves.
	Numbers wire.Numbering
	// Recognize tells what the first bytes of a direction are, to know what is worth
	// decoding, and who is the client. Nil: every connection is.
	Recognize func([]byte) wire.Opening

	// What follows is for processes that still run while strace's output is read; nil
	// if they do not.

	// Process tells which process a thread is of, and its short name; 0 if it is not
	// known.
	Process func(tid int) (pid int, name string)
	// Path tells the path of a unix socket by its inode; empty if it has none.
	Path func(inode uint64) string
	// Now is the time; nil: that of the system.
	Now func() time.Time
}

// ErrNone is what Read fails with if there is no line of strace.
var ErrNone = errors.New("no line of it is strace's")

// Read reads what strace has printed, or prints, until r ends, or ctx. It calls newTap
// for every connection that speaks HTTP, or goes to the socket of a known daemon, and
// shows it the chunks in order, each as soon as the call is over. Connections that have
// not ended then end with wire.ErrStopped. Everything happens in the goroutine of Read.
//
// It fails if r does; with an error that wraps io.ErrUnexpectedEOF if the text ends
// within a line; with ErrNone; and with that of ctx, which it looks at between lines.
// The Stats, and what the taps have seen, is right as far as the text was read.
func Read(ctx context.Context, text io.Reader, o Options, newTap func(*wire.Conn) wire.Tap) (Stats, error) {
	r := newReader(o, newTap)
	err := r.read(ctx, text)
	r.finish()
	if err == nil && r.stats.Lines > 0 && r.stats.Lines == r.stats.Strange {
		err = ErrNone
	}
	return r.stats, err
}

// reader is the state of Read.
type reader struct {
	o       Options
	newTap  func(*wire.Conn) wire.Tap
	clock   clock
	stats   Stats
	now     time.Time // of the line
	held    int       // bytes
	entries int       // of tables of descriptors
	// Whether descriptors were there with a name, and without.
	saysNames, nameless bool
	max                 int // length of a line

	tasks   map[int]*task
	threads *list.List // of tasks, the one that was idle longest first
	makers  []*task    // that are in calls which make another

	inodes  map[uint64]*socket
	pairs   map[string]*socket  // by pairKey
	sockets *list.List          // of those with descriptors, the one that was idle longest first
	daemons map[string]*process // that listen, by path

	broken []byte // the beginning of a line of which the rest comes

	args [][]byte // of the call; reused
	pay  payload  // of it; reused
}

func newReader(o Options, newTap func(*wire.Conn) wire.Tap) *reader {
	if o.MaxSockets <= 0 {
		o.MaxSockets = 20_000
	}
	if o.MaxHeld <= 0 {
		o.MaxHeld = maxLine
	}
	if o.Numbers == nil {
		o.Numbers = new(wire.Numbers)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &reader{
		o: o, newTap: newTap, clock: clock{now: o.Now}, max: min(max(o.MaxHeld, leastLine), maxLine),
		tasks: make(map[int]*task), threads: list.New(),
		inodes: make(map[uint64]*socket), pairs: make(map[string]*socket), sockets: list.New(),
		daemons: make(map[string]*process),
	}
}

func (r *reader) read(ctx context.Context, text io.Reader) error {
	lines := newLines(text, r.max)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, whole, ended, err := lines.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		r.stats.Lines++
		if !whole {
			r.stats.Long++
		}
		if !r.line(b, whole) && !ended && whole {
			r.stats.Lines--
			r.stats.Strange--
			r.stats.Torn = true
			return fmt.Errorf("it ends within a line: %w", io.ErrUnexpectedEOF)
		}
	}
}

// line takes a line, and reports whether it is one of strace's that can be read.
func (r *reader) line(b []byte, whole bool) bool {
	head, isBroken := broken(b)
	switch {
	case r.broken == nil && !isBroken:
	case r.broken != nil && len(b) > 0 && bytes.IndexByte([]byte(" ,)"), b[0]) >= 0:
		b = append(r.broken, b...)
		r.broken = nil
	case r.broken != nil:
		b2 := append(r.broken, unfinishedMark...)
		r.broken = nil
		r.parsed(b2, true)
		return r.line(b, whole)
	default:
		r.broken = bytes.Clone(head)
		return true
	}
	return r.parsed(b, whole)
}

// broken returns what stands on a line before what strace says for itself, when it has
// met a new process and shares standard error with it: the rest is on the next line.
func broken(b []byte) (head []byte, is bool) {
	if !bytes.HasSuffix(b, []byte(" attached")) {
		return nil, false
	}
	i := bytes.LastIndex(b, []byte("strace: Process "))
	if i <= 0 {
		return nil, false
	}
	return b[:i], true
}

// parsed takes a line that is whole again.
func (r *reader) parsed(b []byte, whole bool) bool {
	l := parseLine(b)
	if l.kind == noLine {
		if len(b) > 0 {
			r.stats.Strange++
		} else {
			r.stats.Lines--
		}
		return false
	}
	if l.kind == remark && len(l.stamp) == 0 {
		return true // strace says it for itself
	}
	r.now = r.clock.at(l.stamp, l.since)
	switch l.kind {
	case exited:
		if t := r.tasks[r.numberOf(&l)]; t != nil {
			r.exit(t)
		}
	case superseded:
		r.supersede(r.task(&l), l.replace)
	case unfinished:
		r.begin(r.task(&l), &l)
	case resumed:
		return r.resume(&l, whole)
	case callLine:
		t := r.task(&l)
		r.abandon(t)
		return r.call(t, string(l.name), l.args, nil, whole)
	}
	return true
}

// begin notes a call that has begun.
func (r *reader) begin(t *task, l *line) {
	r.abandon(t)
	if r.held+len(l.args) > r.o.MaxHeld {
		return // its end will be missed
	}
	b := &begun{name: string(l.name), args: append([]byte(nil), l.args...), at: r.now, born: r.stats.Lines}
	t.begun = b
	r.held += len(b.args)
	switch moves[b.name] {
	case makes:
		r.makers = append(r.makers, t)
	case sends:
		r.args, _, _ = split(r.args[:0], b.args)
		if s := r.argSocket(t, 0); s != nil && r.isSource(s) {
			b.write = s.conn
			s.conn.writing++
		}
	case takes:
		r.learnServer(t, b.args)
	case changes:
		if b.name == "execve" || b.name == "execveat" {
			r.reconsider(t)
		}
	}
}

// resume takes the rest of a call.
func (r *reader) resume(l *line, whole bool) bool {
	t := r.tasks[r.numberOf(l)]
	if alone := r.tasks[0]; t == nil && alone != nil && alone.begun != nil && alone.begun.name == string(l.name) {
		t = r.rename(alone, l.pid)
	}
	if t == nil || t.begun == nil || t.begun.name != string(l.name) {
		if moves[string(l.name)] != other && !bytes.HasSuffix(l.args, []byte("= ?")) { // it was killed in it
			r.stats.Missed++
		}
		return true
	}
	r.touch(t)
	b := t.begun
	args := append(b.args, l.args...)
	ok := r.call(t, b.name, args, b, whole)
	if r.over(t); t.dying && r.tasks[t.tid] == t {
		r.exit(t)
	}
	return ok
}

// over forgets the call that a thread had begun.
func (r *reader) over(t *task) {
	b := t.begun
	if b == nil {
		return
	}
	t.begun = nil
	r.held -= len(b.args)
	for i, m := range r.makers {
		if m == t {
			r.makers = append(r.makers[:i], r.makers[i+1:]...)
			break
		}
	}
	if b.write != nil {
		b.write.wrote()
	}
}

// abandon is over for a call whose end was not seen.
func (r *reader) abandon(t *task) {
	if b := t.begun; b != nil {
		if moves[b.name] != other {
			r.stats.Missed++
		}
		r.over(t)
		r.ranUnseen(t, b)
	}
}

// finish ends all connections.
func (r *reader) finish() {
	r.stats.Dayless, r.stats.Timeless = r.clock.dayless, r.clock.timeless
	for t := range r.eachTask {
		r.over(t)
	}
	var left []*conn
	for e := r.sockets.Front(); e != nil; e = e.Next() {
		if s := e.Value.(*socket); s.conn != nil && s.conn.source == s {
			s.conn.catchUp()
			left = append(left, s.conn)
		}
	}
	slices.SortStableFunc(left, func(a, b *conn) int { return a.id() - b.id() })
	for _, c := range left {
		c.end(r.now, wire.ErrStopped)
	}
	r.stats.Nameless = r.nameless && !r.saysNames
}

// eachTask calls yield for all threads.
func (r *reader) eachTask(yield func(*task) bool) {
	for e := r.threads.Front(); e != nil; e = e.Next() {
		if !yield(e.Value.(*task)) {
			return
		}
	}
}
