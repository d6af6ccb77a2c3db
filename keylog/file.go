package keylog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// file is a log that may grow. It is opened anew whenever it is read, so that one that
// was replaced is seen.
type file struct {
	name  string
	info  os.FileInfo // of what was read
	at    int64       // how far it was read, in bytes
	lines lines       // the rest of it: a line that may go on
	last  int64       // where it ended when that line was taken
}

// Follow reads the file called name, and later, when a secret is missing, what was
// added to it. A file that became shorter, or is another, is read anew.
func (s *Store) Follow(name string) error {
	if err := readable(name); err != nil {
		return err
	}
	s.follow(name)
	return nil
}

// Await is Follow for a file that may not be there yet. It reports whether it is.
func (s *Store) Await(name string) (there bool, err error) {
	err = readable(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	s.follow(name)
	return err == nil, nil
}

// follow has the file called name be read now and later.
func (s *Store) follow(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &file{name: name}
	s.files = append(s.files, f)
	s.expects, s.given = true, true
	f.more(func(line []byte) { s.line(name, line) })
}

// readable returns why the file called name cannot be read.
func readable(name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return failed(name, err)
	case !info.Mode().IsRegular():
		return failed(name, errors.New("not a regular file"))
	}
	in, err := os.Open(name)
	if err != nil {
		return failed(name, err)
	}
	return in.Close() // it was only opened to see whether that is allowed
}

// failed is what is said of the file called name: its name once, without calls.
func failed(name string, err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("key log %s: %w", name, err)
}

// more reads what was added, and calls line for each line. It reports whether there was
// something. What cannot be read now may be later. A last line without an end is
// taken if it has not grown since the call before.
func (f *file) more(line func([]byte)) bool {
	info, err := os.Stat(f.name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if f.info != nil && (!os.SameFile(f.info, info) || info.Size() < f.at) {
		f.at, f.last, f.lines = 0, 0, lines{}
	}
	if f.info = info; info.Size() == f.at {
		if len(f.lines.rest) == 0 || f.last == f.at {
			return false
		}
		f.last = f.at
		line(f.lines.rest)
		return true
	}
	in, err := os.Open(f.name)
	if err != nil {
		return false
	}
	defer in.Close()
	if _, err := in.Seek(f.at, io.SeekStart); err != nil {
		return false
	}
	any := false
	buf := make([]byte, 64<<10)
	for {
		n, err := in.Read(buf)
		if n > 0 {
			any = true
			f.at += int64(n)
			f.lines.write(buf[:n], line)
		}
		if n == 0 || err != nil {
			return any
		}
	}
}
