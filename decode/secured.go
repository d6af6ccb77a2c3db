package decode

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/tls"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// secured is the protocol of a connection of TLS. What is inside is told as if there
// were no TLS: of the same connection, and with offsets in the plain text. Of what cannot
// be read the size is told.
type secured struct {
	*tls.Decoder
	out *unsealed
}

// End ends what is left.
func (s secured) End() {
	s.Decoder.End()
	s.out.flush()
}

// unsealed takes what a decoder of TLS tells.
type unsealed struct {
	d      *Conn
	inside *Conn        // nil: nothing can be read
	opaque wire.Message // what could not be, and is not told yet
}

var _ tls.Out = (*unsealed)(nil)

// within is a Conn inside of TLS, whose end is no end of a connection.
type within struct{ *Conn }

// End tells what is left.
func (w within) End(t time.Time, err error) { w.finish(t, err) }

// Shook tells what was agreed on.
func (s *unsealed) Shook(i *wire.TLS) {
	ev := *i
	ev.Conn = s.d.conn
	s.d.tell(&ev)
	if i.Opaque == "" {
		s.open()
	}
}

// open begins the decoding of what is inside.
func (s *unsealed) open() {
	s.inside = s.d.again()
	s.d.plain = s.inside
	s.d.inside = append(s.d.inside, within{s.inside})
}

// Data decodes what was inside.
func (s *unsealed) Data(dir wire.Dir, at time.Time, b []byte) {
	s.inside.Chunk(wire.Chunk{Conn: s.d.conn, Time: at, Dir: dir, Data: b})
}

// Missed passes a loss on.
func (s *unsealed) Missed(dir wire.Dir, at time.Time, n int64) {
	if s.inside != nil {
		s.inside.Chunk(wire.Chunk{Conn: s.d.conn, Time: at, Dir: dir, Lost: int(n)})
	}
}

// End passes the end of a direction on.
func (s *unsealed) End(dir wire.Dir, at time.Time) {
	if s.flush(); s.inside != nil {
		s.inside.Chunk(wire.Chunk{Conn: s.d.conn, Time: at, Dir: dir, EOF: true})
		return
	}
	s.d.env.EOF(&s.d.windows[dir], dir, 0)
}

// Lost tells that something was lost that is not inside.
func (s *unsealed) Lost(dir wire.Dir, at time.Time, n int64) {
	s.flush()
	s.d.tell(&wire.Anomaly{Meta: s.meta(dir, at), Code: anomaly.Lost, Detail: "of TLS", Lost: n})
}

// Fault tells what is wrong with TLS.
func (s *unsealed) Fault(dir wire.Dir, at time.Time, f anomaly.Fault) {
	s.flush()
	s.d.tell(&wire.Anomaly{Meta: s.meta(dir, at), Code: f.Code, Detail: f.Detail})
}

// meta is where the decoder is in a direction, whatever has come behind that, as events
// have it: in what is inside, if that can be read.
func (s *unsealed) meta(dir wire.Dir, at time.Time) wire.Meta {
	off := s.d.windows[dir].Off()
	if s.inside != nil {
		off = s.inside.windows[dir].Next()
	}
	return wire.Meta{Conn: s.d.conn, Dir: dir, Off: off, Start: at, End: at}
}

// Opaque adds up what cannot be read, until the other direction speaks: a message for
// each turn.
func (s *unsealed) Opaque(dir wire.Dir, w *window.Window, n int) {
	if s.opaque.Size > 0 && s.opaque.Dir != dir {
		s.flush()
	}
	at, b := w.TakeTogether(n)
	if s.opaque.Size == 0 {
		s.opaque.Meta = wire.Meta{Conn: s.d.conn, Dir: dir, Off: at.Off, Start: at.Time}
	}
	s.opaque.End = at.Time
	s.opaque.Size += int64(len(b))
}

// flush tells what was added up.
func (s *unsealed) flush() {
	if n := s.opaque.Size; n > 0 {
		s.opaque.Size = 0
		s.d.env.Sized(s.opaque.Meta, n)
	}
}
