package disk

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/openfile"
)

// lockName is the file whose lock a Store has.
const lockName = "lock"

// Open returns the Store in a folder, which is made, for its owner alone, if it is not
// there. Another process must not have it, and others must not be able to write to it.
func Open(dir string, o Options) (*Store, error) {
	if o.Warn == nil {
		o.Warn = func(error) {}
	}
	s := &Store{dir: dir, o: o, most: maxUnits, queues: make(map[string]*queue), lost: make(map[string]*counter), told: make(map[string]bool)}
	for _, kind := range o.Kinds {
		s.queues[kind], s.lost[kind] = new(queue), new(counter)
	}
	if err := s.open(); err != nil {
		if s.lock != nil {
			s.lock.Close()
		}
		return nil, err
	}
	return s, nil
}

func (s *Store) open() error {
	if err := os.Mkdir(s.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Stat(s.dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s: it is no folder", s.dir)
	case !openfile.Ours(info):
		return fmt.Errorf("%s: it belongs to another user", s.dir)
	case info.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows": // which has no such bits
		return fmt.Errorf("%s: others may write to it (chmod go-w %s)", s.dir, s.dir)
	}
	if s.lock, err = openfile.Append(filepath.Join(s.dir, lockName)); err != nil {
		return err
	}
	if !openfile.Lock(s.lock) {
		return fmt.Errorf("%s: another process has it: each needs a folder of its own", s.dir)
	}
	return s.scan()
}

// scan finds what is there.
func (s *Store) scan() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if begun, is := strings.CutSuffix(name, unfinished); is {
			if _, ours := parse(begun); ours && e.Type().IsRegular() {
				s.remove(name)
			}
			continue
		}
		u, ours := parse(name)
		q := s.queues[u.Kind]
		if !ours || q == nil || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // it has gone
		}
		u.size = taken(info.Size())
		s.next = max(s.next, u.Number)
		s.held.Add(u.size)
		q.units = append(q.units, u)
		s.lost[u.Kind].kept.Add(u.Items)
	}
	for _, q := range s.queues {
		slices.SortFunc(q.units, func(a, b Unit) int { return cmp.Compare(a.Number, b.Number) })
	}
	s.makeRoom(0)
	return nil
}
