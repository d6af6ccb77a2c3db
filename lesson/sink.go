package lesson

import (
	"io"
	"time"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/wire"
)

// Sink keeps an account of a session, and writes the lesson when it is closed. One
// goroutine at a time tells it events.
type Sink struct {
	account *account
	w       io.Writer
	o       Options
}

// New returns a sink that writes a lesson to w, which it does not close.
func New(w io.Writer, o Options) *Sink {
	if o.Zone == nil {
		o.Zone = time.Local
	}
	return &Sink{newAccount(o.Memory), w, o}
}

// Needs is all that is read, and as much of bodies as the calls need that ask for the
// same.
func (s *Sink) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Telling: true, Sizes: true, Messages: true, Body: equivalent.MaxBody, Keeps: true}
}

// Event keeps what a lesson tells.
func (s *Sink) Event(ev wire.Event, _ *wire.Exchange) error {
	s.account.event(ev)
	return nil
}

// Close writes the lesson.
func (s *Sink) Close() error {
	s.account.end()
	s.account.explain()
	_, err := io.WriteString(s.w, newPage(s.account, s.o).written(s.o.HTML))
	return err
}
