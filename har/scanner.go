package har

import (
	"errors"
	"fmt"
	"io"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// scanner finds the entries of a text: in log.entries of a document or of
// several, in a list, on lines of their own.
type scanner struct {
	normal
	file   *file
	log    bool   // there is one
	ours   bool   // a Writer made it
	read   int    // entries that were told
	found  what   // beside them
	other  string // the first name in an object that is no log and no entry
	behind int64  // bytes behind the last document
	good   int64  // behind the last entry, or where else nothing is missing
	amid   bool   // of a broken text: what looks like an entry may be none
	broken *brokenError
}

// what there is in a text in which there is no entry.
type what int

const (
	emptiness what = iota
	anObject
	aList
)

func newScanner(r io.Reader, emit func(wire.Event), byTime bool) *scanner {
	fixes := new(repairs)
	return &scanner{normal: normal{lexer: newLexer(r, fixes)}, file: newFile(emit, fixes, byTime)}
}

// scan reads all there is.
func (s *scanner) scan() error {
	err := s.documents()
	for err != nil && s.found != emptiness {
		s.breaks(err)
		err = s.resume(err)
	}
	switch {
	case s.broken != nil && s.isHAR():
		s.broken.entries = s.read
		return s.broken
	case err != nil:
		return err
	case s.isHAR() && s.read == 0 && s.fixes.entry > 0:
		if s.fixes.entry == 1 {
			return errors.New("its only entry could not be read")
		}
		return fmt.Errorf("none of its %d entries could be read", s.fixes.entry)
	case s.isHAR():
		return nil
	case s.found == aList:
		return errors.New("it is a JSON array")
	case s.other != "":
		return fmt.Errorf("an object with %q instead of a log", s.other)
	case s.found == anObject:
		return errors.New("it has no log")
	}
	return errors.New("it is empty")
}

// isHAR says whether the text is a recording, whatever else is wrong with it.
func (s *scanner) isHAR() bool { return s.log || s.read > 0 }

// breaks notes that the text is broken here.
func (s *scanner) breaks(err error) {
	if s.broken == nil {
		s.broken = &brokenError{err: err}
	}
}

// documents reads one document after the other.
func (s *scanner) documents() (err error) {
	for count := 0; err == nil; count++ {
		switch c := s.next(); {
		case c == 0 && s.err != io.EOF:
			return s.err
		case c == 0:
			return nil
		case c == '{':
			s.found = max(s.found, anObject)
			s.i++
			err = s.document(0)
		case c == '[' && count == 0:
			s.found = aList
			s.i++
			err = s.elements()
		case !s.isHAR():
			return fmt.Errorf("it begins with %q", s.buf[s.i:min(s.i+16, s.n)])
		default:
			return s.drain()
		}
	}
	return err
}

// drain counts what is behind the documents.
func (s *scanner) drain() error {
	begin := s.offset()
	for s.more() {
		s.i = s.n
	}
	s.behind = s.offset() - begin
	if s.err != io.EOF {
		return s.err
	}
	return nil
}

// list says what there was to repair.
func (s *scanner) repairs() []string {
	all := s.fixes.list()
	if s.behind > 0 {
		all = append(all, plural.Of(s.behind, "byte")+" behind the document "+plural.Verb(s.behind, "was", "were")+" left out")
	}
	return all
}
