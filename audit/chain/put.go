package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// errClosed says that a chain has ended.
var errClosed = errors.New("the audit has ended")

// Put writes a line with these members, which are JSON with commas between, and gives it
// to written, with its line feed, until that returns; nil: nobody is told. It returns why
// the line was not written: then the next one that is says how many are missing.
func (l *Log) Put(members []byte, written func(line []byte)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	err := l.ready(len(members))
	if err == nil {
		err = l.write(members)
	}
	if err != nil {
		l.missing++
		l.lost.Add(1)
		return err
	}
	if written != nil {
		written(l.line)
	}
	return nil
}

// ready has everything written that stands before a line: the mark of what was torn, of
// what is missing, and the beginning of a file.
func (l *Log) ready(n int) error {
	if l.name != "" {
		if err := l.follow(); err != nil {
			return err
		}
	}
	if len(l.at.torn) > 0 {
		if err := l.mend(); err != nil {
			return err
		}
	}
	if l.name != "" && l.headed && l.full(n) {
		l.rotate()
	}
	if !l.headed {
		l.began = l.o.Now()
		if err := l.write(l.event("file", fmt.Sprintf(`,"oldest":%d`, l.oldest))); err != nil {
			return err
		}
		l.headed = true
	}
	if n := l.missing; n > 0 {
		if err := l.write(l.event("missing", fmt.Sprintf(`,"lines":%d`, n))); err != nil {
			return err
		}
		l.missing -= n
	}
	return nil
}

// mend ends what is left of a line that was not written to its end, and says so. Nothing
// is deleted.
func (l *Log) mend() error {
	torn := l.at.torn
	sum := sha256.Sum256(torn)
	more := fmt.Sprintf(`,"bytes":%d,"sha256":"%s"`, len(torn), hex.EncodeToString(sum[:]))
	if !l.headed {
		more += `,"first":true`
	}
	l.at.torn = nil
	if err := l.writeBehind("\n", l.event("mended", more)); err != nil {
		l.at.torn = append(torn, l.at.torn...)
		return err
	}
	return nil
}
