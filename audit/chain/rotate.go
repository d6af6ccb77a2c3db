package chain

import (
	"errors"
	"fmt"
	"os"

	"github.com/socktrace/socktrace/internal/openfile"
)

// full reports whether another file is to be begun before n more bytes.
func (l *Log) full(n int) bool {
	if l.o.MaxSize > 0 && l.size+int64(n+sealSize+2*len(Zero)) > l.o.MaxSize {
		return true
	}
	return l.o.MaxAge > 0 && l.o.Now().Sub(l.began) >= l.o.MaxAge
}

// rotate gives the file a name with the time behind it, and begins another in its place.
// If that cannot be done, the file goes on.
func (l *Log) rotate() {
	err := l.exchange()
	switch {
	case err == nil:
		l.keeps = ""
		l.prune()
	case l.keeps != err.Error():
		l.keeps = err.Error()
		l.o.Warn(fmt.Errorf("no other file is begun: %w", unnamed(err)))
	}
}

func (l *Log) exchange() error {
	now := l.o.Now().UTC()
	full := l.name + "." + now.Format(stamp)
	for {
		if _, err := os.Lstat(full); err != nil {
			break
		}
		now = now.Add(1)
		full = l.name + "." + now.Format(stamp)
	}
	if err := os.Rename(l.name, full); err != nil {
		return err
	}
	f, err := openfile.Append(l.name)
	if err != nil {
		_ = os.Rename(full, l.name) // as it was
		return err
	}
	if err := l.goOn(f); err != nil {
		f.Close()
		return err
	}
	return nil
}

// goOn writes to a file from now on, which is empty.
func (l *Log) goOn(f *os.File) error {
	info, err := f.Stat()
	switch {
	case err != nil:
		return err
	case info.Size() > 0 || !info.Mode().IsRegular():
		return errors.New("another file is there")
	case !openfile.Lock(f):
		return errTaken
	}
	_ = l.f.Close()
	l.f, l.info, l.out, l.size, l.headed = f, info, f, 0, false
	l.at.torn, l.at.bare = nil, false
	return nil
}

// follow begins another file if the one that is written has no more its name: somebody has
// moved or removed it.
func (l *Log) follow() error {
	if info, err := os.Lstat(l.name); err == nil && os.SameFile(info, l.info) {
		return nil
	}
	f, err := openfile.Append(l.name)
	if err == nil {
		if err = l.goOn(f); err != nil {
			f.Close()
		}
	}
	if err != nil {
		return fmt.Errorf("the file was moved or removed, and no other can be begun: %w", unnamed(err))
	}
	l.o.Warn(fmt.Errorf("it was moved or removed: another file is begun behind line %d", l.at.seq))
	return nil
}

// unnamed returns why something could not be done with a file, without its name: who is
// told of it knows that.
func unnamed(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return link.Err
	}
	return err
}

// prune removes the oldest files that are too many.
func (l *Log) prune() {
	if l.o.Keep <= 0 {
		return
	}
	all := Older(l.name)
	over := max(len(all)-l.o.Keep, 0)
	for _, name := range all[:over] {
		if err := os.Remove(name); err != nil {
			l.o.Warn(err)
		}
	}
	if over == 0 {
		return
	}
	if first, ok := firstOf(all[over]); ok {
		l.oldest = max(l.oldest, first)
	}
}
