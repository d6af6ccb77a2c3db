package har

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// Read reads a HAR file of any program and calls emit for what its entries say
// happened, in the goroutine of the caller: what a decoder would have told of
// the same traffic. Times and places are those of the file as far as it has
// them. Files that a Writer made give back what it was given.
//
// What is missing in the file is left out. A file that ends or breaks in the
// middle gives all entries before that; repairs say so, and what else was not as
// it should be. It is an error if r fails, other than by an end that is too early
// (io.ErrUnexpectedEOF), or is no HAR.
//
// Memory is bounded by the largest entry and the number of connections.
func Read(r io.Reader, emit func(wire.Event)) (repairs []string, err error) {
	src := &source{r: r}
	s := &scanner{in: &limited{r: bufio.NewReader(src)}, file: newFile(emit)}
	err = s.scan()
	s.file.end()
	switch {
	case src.err != nil:
		return s.repairs, fmt.Errorf("har: %w", src.err)
	case err != nil:
		return s.repairs, fmt.Errorf("not a HAR file: %w", err)
	}
	return s.repairs, nil
}

// maxValue bounds one value of a file: what is longer is no entry.
const maxValue = 1 << 30

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

// limited fails after maxValue bytes, unless it is reset.
type limited struct {
	r io.Reader
	n int64 // bytes read
	m int64 // where the value began
}

func (l *limited) Read(b []byte) (int, error) {
	if l.n-l.m > maxValue {
		return 0, errors.New("a value is too long")
	}
	n, err := l.r.Read(b)
	l.n += int64(n)
	return n, err
}

// scanner finds the entries of a document.
type scanner struct {
	in      *limited
	dec     *json.Decoder
	file    *file
	repairs []string
	log     bool  // it was found
	entries int   // read
	good    int64 // behind the last of them
}

// scan reads the document.
func (s *scanner) scan() error {
	b := s.in.r.(*bufio.Reader)
	if first := skipSpace(b); first != '{' {
		return foundInstead(b, first)
	}
	s.dec = json.NewDecoder(s.in)
	var seen []string
	err := s.object(func(key string) error {
		if key == "log" {
			s.log = true
			return s.object(s.logMember)
		}
		seen = append(seen, key)
		return s.skip()
	})
	switch {
	case !s.log && (err != nil || len(seen) == 0):
		return errors.New("it has no log")
	case !s.log:
		return fmt.Errorf("an object with %q instead of a log", seen[0])
	case err != nil:
		s.torn(err)
	default:
		s.behind()
	}
	return nil
}

// object calls member for each member of the object that comes next, which
// takes its value.
func (s *scanner) object(member func(key string) error) error {
	if err := s.delim('{'); err != nil {
		return err
	}
	for s.dec.More() {
		t, err := s.dec.Token()
		if err != nil {
			return err
		}
		if err := member(t.(string)); err != nil {
			return err
		}
	}
	_, err := s.dec.Token()
	return noEOF(err)
}

func (s *scanner) delim(want json.Delim) error {
	t, err := s.dec.Token()
	if err != nil {
		return noEOF(err)
	}
	if t != want {
		return fmt.Errorf("%v instead of %v", t, want)
	}
	return nil
}

// noEOF tells the end of the input within a value from that behind it.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (s *scanner) logMember(key string) error {
	if key != "entries" {
		return s.skip()
	}
	if err := s.delim('['); err != nil {
		return err
	}
	for s.dec.More() {
		raw, err := s.value()
		if err != nil {
			return err
		}
		s.entries++
		var e Entry
		if err := e.UnmarshalJSON(raw); err != nil {
			s.repair("entry %d is no object: it was left out", s.entries)
			continue
		}
		if e.Request.Method == "" && e.Request.URL == "" {
			s.repair("entry %d has no request: it was left out", s.entries)
			continue
		}
		s.file.entry(&e)
	}
	_, err := s.dec.Token()
	return noEOF(err)
}

// value reads a value of any kind.
func (s *scanner) value() (json.RawMessage, error) {
	s.good = s.dec.InputOffset()
	s.in.m = s.in.n
	var raw json.RawMessage
	if err := s.dec.Decode(&raw); err != nil {
		return nil, noEOF(err)
	}
	s.good = s.dec.InputOffset()
	return raw, nil
}

func (s *scanner) skip() error {
	_, err := s.value()
	return err
}

func (s *scanner) repair(format string, args ...any) {
	const most = 100
	if len(s.repairs) < most {
		s.repairs = append(s.repairs, fmt.Sprintf(format, args...))
	}
}

// torn notes that the document is broken behind the last good value.
func (s *scanner) torn(err error) {
	s.in.m = s.in.n
	rest, _ := io.Copy(io.Discard, s.in.r)
	left := s.in.n + rest - s.good
	s.repair("the file is broken (%v): %d entries were read, the %d bytes behind them were left out", err, s.entries, left)
}

// behind notes what follows the document.
func (s *scanner) behind() {
	in := io.MultiReader(s.dec.Buffered(), s.in.r)
	n := int64(0)
	b := make([]byte, 32<<10)
	for {
		k, err := in.Read(b)
		if n > 0 || jsontext.Space(b[:k], 0) < k {
			n += int64(k)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			s.repair("the file is broken behind the document: %v", err)
			break
		}
	}
	if n > 0 {
		s.repair("%d bytes behind the document were left out", n)
	}
}

// skipSpace returns the first byte of b that is no white space, without taking
// it; 0 if there is none.
func skipSpace(b *bufio.Reader) byte {
	for {
		c, err := b.ReadByte()
		if err != nil {
			return 0
		}
		if !jsontext.IsSpace(c) {
			b.UnreadByte()
			return c
		}
	}
}

// foundInstead says what a file is that is no JSON object.
func foundInstead(b *bufio.Reader, first byte) error {
	switch {
	case first == 0:
		return errors.New("it is empty")
	case first == '[':
		return errors.New("it is a JSON array")
	}
	head, _ := b.Peek(16)
	return fmt.Errorf("it begins with %q", head)
}
