package chain

import (
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
		l.o.Warn(fmt.Errorf("%s: no other file is begun: %w", l.name, err))
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
	openfile.Lock(f) // it is new: nobody else has
	_ = l.f.Close()
	l.f, l.out, l.size, l.headed = f, f, 0, false
	return nil
}

// prune removes the oldest files that are too many.
func (l *Log) prune() {
	if l.o.Keep <= 0 {
		return
	}
	all := older(l.name)
	for _, name := range all[:max(len(all)-l.o.Keep, 0)] {
		if err := os.Remove(name); err != nil {
			l.o.Warn(err)
		}
	}
}
