package keylog

import (
	"fmt"
	"io"
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
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("key log: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("key log %s: not a regular file", name)
	}
	in, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("key log: %w", err)
	}
	in.Close() // it was only opened to see whether that is allowed
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &file{name: name}
	s.files = append(s.files, f)
	s.expects = true
	f.more(func(line []byte) { s.line(name, line) })
	return nil
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
