package har

import (
	"io"

	"github.com/socktrace/socktrace/internal/spool"
)

// stream is a document that goes to a writer. It is complete when it is
// finished.
type stream struct {
	w      *spool.Pieces
	stalls bool      // by nature
	closer io.Closer // nil if the writer is its owner's
	n      int64
}

// newStream returns a stream to w. It closes closer, if that is not nil.
func newStream(w io.Writer, closer io.Closer) *stream {
	return &stream{w: spool.NewPieces(w), stalls: spool.Stalls(w), closer: closer}
}

func (s *stream) size() int64 { return s.n }

func (s *stream) extend(entry, _ []byte, _ bool) error {
	if len(entry) == 0 {
		return nil
	}
	n, err := s.w.Write(entry)
	s.n += int64(n)
	return err
}

func (s *stream) finish(tail []byte) error {
	_, err := s.w.Write(tail)
	if s.closer != nil {
		err = firstError(err, s.closer.Close())
	}
	return err
}

func (s *stream) abandon() {
	if s.closer != nil {
		s.closer.Close()
	}
}
