package openfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Successor is a file that takes its name when it is complete: until then whatever has
// that name stays what it is. It is written beside it, under a name that begins with a
// dot, in large pieces: what is not finished is no file that anybody should read. The
// first error ends it: what was written is removed, and the old file stays. A process
// that is killed leaves the unfinished file behind.
//
// Its methods are called one at a time.
type Successor struct {
	name string
	f    *os.File
	w    *bufio.Writer
	done bool  // it has its name, or is removed
	err  error // why it is removed
}

// successorBuffer is how many bytes are written to the file at once.
const successorBuffer = 256 << 10

// Succeed makes a successor of the file called name, or of none, which only its owner may
// read. It is for a regular file that Create would replace. ok is false for all others, and
// where the folder lets no new file be made: Create opens those, or says why not.
func Succeed(name string) (s *Successor, ok bool) {
	if info, err := replaceable(name); err != nil || given(name) || info != nil && !info.Mode().IsRegular() {
		return nil, false
	}
	f, err := beside(name)
	if err != nil {
		return nil, false
	}
	return &Successor{name: name, f: f, w: bufio.NewWriterSize(f, successorBuffer)}, true
}

// Write adds b to the file. Its error, also that of an earlier b, is a *KeptError.
func (s *Successor) Write(b []byte) (int, error) {
	if s.done {
		return 0, s.ended()
	}
	n, err := s.w.Write(b)
	if err != nil {
		s.giveUp(err)
		return n, s.err
	}
	return n, nil
}

// Finish ends the file and gives it its name. It returns why it did not get that, which is
// a *KeptError if it stays what it was. Only the first call does anything.
func (s *Successor) Finish() error {
	if s.done {
		return s.err
	}
	err := s.w.Flush()
	if err == nil {
		err = s.f.Close()
	}
	if err == nil {
		err = os.Rename(s.f.Name(), s.name)
	}
	switch {
	case err == nil:
		s.done = true
	case isRename(err): // something is mounted on the name
		s.copy(err)
	default:
		s.giveUp(err)
	}
	return s.err
}

// Abandon removes what was written: the name stays what it was. Nothing can be written
// from here on. After Finish it does nothing.
func (s *Successor) Abandon() {
	if !s.done {
		s.giveUp(fs.ErrClosed)
	}
}

// ended is the error of writing to what has ended.
func (s *Successor) ended() error {
	if s.err != nil {
		return s.err
	}
	return fmt.Errorf("write %s: %w", s.name, fs.ErrClosed)
}

// giveUp removes the file, for the reason err.
func (s *Successor) giveUp(err error) {
	s.f.Close()
	os.Remove(s.f.Name())
	_, there := os.Lstat(s.name)
	s.done, s.err = true, &KeptError{Name: s.name, Was: there == nil, Err: bare(err)}
}

// copy writes what the file has to what has the name, which cannot take its place for the
// reason why.
func (s *Successor) copy(why error) {
	from, err := os.Open(s.f.Name())
	if err != nil {
		s.giveUp(err)
		return
	}
	defer from.Close()
	to, err := Create(s.name)
	if err != nil {
		s.giveUp(why)
		return
	}
	_, err = io.Copy(to, from)
	if e := to.Close(); err == nil {
		err = e
	}
	os.Remove(s.f.Name())
	s.done, s.err = true, err
}

// isRename reports whether err is of giving a file another name.
func isRename(err error) bool { return errors.As(err, new(*os.LinkError)) }

// bare returns err without the name of the file, which nobody has chosen.
func bare(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return link.Err
	}
	return err
}

// KeptError says why the file called Name did not get what was written: it is what it was
// before.
type KeptError struct {
	Name string
	Was  bool // there was something by that name
	Err  error
}

func (e *KeptError) Error() string {
	if e.Was {
		return e.Name + " stays as it was: " + e.Err.Error()
	}
	return e.Name + " was not made: " + e.Err.Error()
}

func (e *KeptError) Unwrap() error { return e.Err }
