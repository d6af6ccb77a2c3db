package chain

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/internal/openfile"
)

// Options say how files are written.
type Options struct {
	MaxSize int64         // begin another file before one is larger; 0: there is no bound
	MaxAge  time.Duration // or when one is older than that
	Keep    int           // how many older files are kept; 0: all
	Now     func() time.Time
	// Own is told the lines that the chain itself adds, with their line feeds, until it
	// returns; nil: nobody is.
	Own func(line []byte)
	// Warn is told what is not as it should be with the file, which it does not name, and is
	// no reason to stop.
	Warn func(error)
}

// Log is a chain that is written. Its methods may be called concurrently.
type Log struct {
	name string // empty: a stream
	o    Options
	head atomic.Pointer[place] // at, for those who must not wait for a write
	lost atomic.Int64          // lines that could not be written

	mu      sync.Mutex // guards what follows
	f       *os.File
	info    os.FileInfo // of f
	out     io.Writer   // f, or what stands for it
	regular bool
	size    int64
	began   time.Time // when the first line of the file was written
	headed  bool      // the file has its first line
	oldest  int64     // the number of the first line that is kept
	at      place
	line    []byte // the last one
	missing int64  // lines that could not be written since the last that was
	closed  bool
	keeps   string // why the file is not changed for another; empty: it is
}

// Open opens the file called name to go on with its chain, or with that of the files that
// stood there before. One that is not there is made, for its owner alone.
func Open(name string, o Options) (*Log, error) {
	l := newLog(name, o)
	f, err := openfile.Append(name)
	if err != nil {
		return nil, err
	}
	if err := l.take(f); err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

// NewStream returns a chain that goes to w, from its beginning.
func NewStream(w io.Writer, o Options) *Log {
	l := newLog("", o)
	l.out, l.at, l.oldest = w, place{prev: Zero}, 1
	return l
}

func newLog(name string, o Options) *Log {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Warn == nil {
		o.Warn = func(error) {}
	}
	return &Log{name: name, o: o}
}

// take goes on in a file.
func (l *Log) take(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	l.f, l.info, l.out, l.at, l.oldest = f, info, f, place{prev: Zero}, 1
	if l.regular = info.Mode().IsRegular(); !l.regular {
		l.name = ""
		return nil
	}
	if !openfile.Lock(f) {
		return fmt.Errorf("%s: %w", l.name, errTaken)
	}
	r, err := os.Open(l.name)
	if err != nil {
		return err
	}
	defer r.Close()
	if l.at, err = lastOf(r); err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	l.size = info.Size()
	l.began, l.oldest = beginOf(r)
	if l.headed = l.at.seq > 0; !l.headed {
		torn := l.at.torn
		l.at, err = l.before()
		l.at.torn = torn
	}
	l.head.Store(&place{seq: l.at.seq, prev: l.at.prev})
	l.look()
	return err
}

// look says what is odd about a file that was there.
func (l *Log) look() {
	if len(l.at.torn) > 0 && !isTorn(l.at.torn, l.at.seq+1) {
		l.o.Warn(fmt.Errorf("what stands behind line %d was changed or put in: it stays there, and is found", l.at.seq))
	}
	if mode := l.info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		l.o.Warn(fmt.Errorf("others may read or write it (its mode is %04o)", mode))
	}
}

// before returns where the chain of the files ends that stood in the place of the file.
func (l *Log) before() (place, error) {
	last := place{prev: Zero}
	for _, name := range Older(l.name) {
		f, err := os.Open(name)
		if err != nil {
			return last, err
		}
		at, err := lastOf(f)
		_, oldest := beginOf(f)
		f.Close()
		if err == nil && at.seq > last.seq {
			last = place{seq: at.seq, prev: at.prev}
			l.oldest = oldest
		}
	}
	return last, nil
}

// event returns the members of a line of our own.
func (l *Log) event(name, more string) []byte {
	return []byte(`"event":"` + name + `","time":"` + l.o.Now().UTC().Format(time.RFC3339Nano) + `"` + more)
}

// write seals a line and writes it.
func (l *Log) write(members []byte) error { return l.writeBehind("", members) }

// add writes a line of our own.
func (l *Log) add(before string, members []byte) error {
	err := l.writeBehind(before, members)
	if err == nil && l.o.Own != nil {
		l.o.Own(l.line)
	}
	return err
}

// writeBehind is write with something before the line. What is written of a line that
// cannot be is taken back, or else mended later.
func (l *Log) writeBehind(before string, members []byte) error {
	if len(members) > MaxLine/2 {
		return errors.New("a line is too long")
	}
	if l.at.bare {
		before = "\n" + before
	}
	line, hash := seal(append(l.line[:0], before...), l.at.seq+1, members, l.at.prev)
	l.line = line
	n, err := l.out.Write(line)
	if err != nil && n != len(line)-1 {
		l.undo(line[:max(n, 0)])
		return err
	}
	l.size += int64(n)
	l.at = place{seq: l.at.seq + 1, prev: hash, bare: err != nil}
	l.head.Store(&place{seq: l.at.seq, prev: hash})
	l.line = line[len(before):]
	return nil
}

// undo takes back the beginning of a line.
func (l *Log) undo(part []byte) {
	if len(part) == 0 || l.regular && l.f.Truncate(l.size) == nil {
		return
	}
	l.size += int64(len(part))
	if l.at.bare { // it has its line feed now
		l.at.bare, part = false, part[1:]
	}
	l.at.torn = append([]byte(nil), part...)
}

// Head returns how many lines there are, and the hash of the last.
func (l *Log) Head() (seq int64, hash string) {
	if at := l.head.Load(); at != nil {
		return at.seq, at.prev
	}
	return 0, Zero
}

// Lost returns how many lines could not be written.
func (l *Log) Lost() int64 { return l.lost.Load() }

// Stalls reports whether the output may stop taking lines at any time: a file that is none
// on a disk.
func (l *Log) Stalls() bool { return !l.regular }

// Close closes the file. It writes nothing.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed = true; l.f == nil {
		return nil
	}
	return l.f.Close()
}
