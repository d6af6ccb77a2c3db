package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Store keeps requests. Its methods may be called by several goroutines, one for each kind;
// they wait for the disk, but for Counts.
type Store struct {
	dir  string
	o    Options
	lock *os.File
	lost map[string]*counter // by kind; not changed
	held atomic.Int64        // bytes of the disk
	most int                 // requests

	mu     sync.Mutex // guards what follows, and the folder
	queues map[string]*queue
	next   uint64          // the last number that was given
	told   map[string]bool // what people were told
	closed bool
}

// counter counts items of a kind.
type counter struct{ kept, dropped atomic.Int64 }

// block is what a disk gives at a time, mostly, in bytes.
const block = 4 << 10

// taken returns how much a file of a size takes of the disk.
func taken(size int64) int64 { return (max(size, 1) + block - 1) / block * block }

// Reserve returns a number for what is put, perhaps, later: it is before all that get theirs
// after that.
func (s *Store) Reserve() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return s.next
}

var (
	// ErrTooLarge says that a request will never be kept.
	ErrTooLarge = errors.New("a request is larger than what is kept")
	errClosed   = errors.New("it is closed")
	errNoRoom   = errors.New("there is no room")
)

// Put keeps a request, which is compressed, with so many items. What is older goes where
// there is no room.
func (s *Store) Put(kind string, number uint64, items int64, request []byte) error {
	u := Unit{Number: number, Kind: kind, Items: items, size: taken(int64(len(request)))}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return errClosed
	case u.size > s.o.Size || len(request) > maxFile:
		return ErrTooLarge
	}
	if !s.makeRoom(u.size) {
		return errNoRoom
	}
	path := filepath.Join(s.dir, u.name())
	if err := write(path, request); err != nil {
		return err
	}
	s.queues[kind].insert(u)
	s.held.Add(u.size)
	s.lost[kind].kept.Add(items)
	return nil
}

// write makes a file that is whole from its first moment on.
func write(path string, b []byte) error {
	begun := path + unfinished
	f, err := os.OpenFile(begun, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) { // it could not be removed before
		if err = os.Remove(begun); err == nil {
			f, err = os.OpenFile(begun, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Rename(begun, path)
	}
	if err != nil {
		_ = os.Remove(begun) // else the next start does
	}
	return err
}

// makeRoom has the oldest go until there is room for size bytes more; false if there is none.
func (s *Store) makeRoom(size int64) bool {
	for s.held.Load()+size > s.o.Size || s.count() >= s.most {
		var from *queue
		at, least := 0, uint64(0)
		for _, q := range s.queues {
			if i, number, ok := q.oldest(); ok && (from == nil || number < least) {
				from, at, least = q, i, number
			}
		}
		if from == nil {
			return false
		}
		u := from.remove(at)
		s.leaves(u, true)
		s.remove(u.name())
		s.once(fmt.Errorf("%s is full: the oldest is left out", s.dir))
	}
	return true
}

func (s *Store) count() (n int) {
	for _, q := range s.queues {
		n += len(q.units)
	}
	return n
}

// leaves counts what is in no queue any more.
func (s *Store) leaves(u Unit, dropped bool) {
	s.held.Add(-u.size)
	c := s.lost[u.Kind]
	c.kept.Add(-u.Items)
	if dropped {
		c.dropped.Add(u.Items)
	}
}

// remove removes a file.
func (s *Store) remove(name string) {
	err := os.Remove(filepath.Join(s.dir, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.once(fmt.Errorf("%w: the next start will send it again", err))
	}
}

// once tells something, if it was not told.
func (s *Store) once(err error) {
	if text := err.Error(); !s.told[text] && len(s.told) < maxTold {
		s.told[text] = true
		s.o.Warn(err)
	}
}

// maxTold bounds how many different things are told.
const maxTold = 16

// Has reports whether something is kept of a kind.
func (s *Store) Has(kind string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queues[kind].units) > 0
}

// Done removes what Oldest has returned.
func (s *Store) Done(u Unit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[u.Kind]
	if q.busy = false; len(q.units) > 0 && q.units[0].Number == u.Number {
		s.leaves(q.remove(0), false)
		s.remove(u.name())
	}
}

// Later has what Oldest has returned be kept.
func (s *Store) Later(u Unit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queues[u.Kind].busy = false
}

// Counts returns how many items of a kind are kept, and how many were left out, so far.
func (s *Store) Counts(kind string) (kept, dropped int64) {
	c := s.lost[kind]
	return c.kept.Load(), c.dropped.Load()
}

// Close lets others have the folder.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return s.lock.Close()
}
