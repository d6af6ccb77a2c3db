package har

import (
	"errors"
	"fmt"
	"io"

	"github.com/socktrace/socktrace/wire"
)

// Read reads a HAR file of any program and calls emit for what its entries say
// happened, in the goroutine of the caller: what a decoder would have told of
// the same traffic. Times and places are those of the file as far as it has
// them. Files that a Writer made give back what it was given.
//
// Programs write HAR in many ways, and people edit it: what can be understood is
// read, in whatever form, and one odd value spoils no other. repairs say by kind
// what was not as it should be, and how often. What is missing in the file is left
// out.
//
// A file that ends or breaks in the middle gives what there is before that, and
// behind it if entries follow. It is an error, as it is if r fails or is no HAR.
//
// Time is linear. Memory is bounded: of an entry 64 MiB are read, and values that
// no exchange needs go by in pieces, however long they are; connections and
// exchanges that are open are counted (see file).
func Read(r io.Reader, emit func(wire.Event)) (repairs []string, err error) {
	return read(r, emit, false)
}

// ReadByTime is Read for those who need to know what was before what: entries are in the
// order in which exchanges ended, and it tells all in the order of time, at the end of the file.
// Beyond 32 MiB it tells the first half of what it holds, and what the file has later of
// that time comes behind it. Connections whose end the file does not tell end when nothing of their
// process is left.
func ReadByTime(r io.Reader, emit func(wire.Event)) (repairs []string, err error) {
	return read(r, emit, true)
}

func read(r io.Reader, emit func(wire.Event), byTime bool) (repairs []string, err error) {
	src := &source{r: r}
	s := newScanner(src, emit, byTime)
	err = s.scan()
	s.file.end()
	_, broken := err.(*brokenError)
	switch {
	case src.err != nil:
		err = fmt.Errorf("har: %w", src.err)
	case err != nil && !broken:
		err = fmt.Errorf("not a HAR file: %w", err)
	}
	return s.repairs(), err
}

// source notes the errors of the input itself: others are faults of the file.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		s.err = err
	}
	return n, err
}

// brokenError is what is wrong with a file of which a part could not be read.
type brokenError struct {
	err     error
	entries int   // that were read
	left    int64 // bytes left out
}

func (e *brokenError) Error() string {
	what := "broken"
	if errors.Is(e.err, io.ErrUnexpectedEOF) {
		what = "cut short"
	}
	return fmt.Sprintf("the file is %s (%v): entries read: %d, bytes left out: %d", what, e.err, e.entries, e.left)
}

func (e *brokenError) Unwrap() error { return e.err }
