// Package body decodes one side of an exchange: the body of a message, or what
// follows an upgrade. It removes codings, keeps what is asked for, and chooses the
// content that makes messages of the rest. It does not know how a protocol frames
// bodies.
package body

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// Env is what all exchanges of a connection share.
type Env struct {
	Conn      *wire.Conn
	Needs     wire.Needs
	MaxValue  int // of a JSON value or WebSocket message, in bytes
	Account   *budget.Account
	Terminals *Terminals                 // nil: nothing is remembered
	Order     Order                      // nil: what is told is passed on at once
	Hidden    func(*wire.Conn, int) bool // see decode.Options; nil: no exchange is
	Protobuf  *protobuf.Schema           // nil: what the program knows by itself
	Nester    content.Nester
	Tell      func(wire.Event)
	Now       time.Time // of what is decoded
	Left      bool      // the client has hung up, and the server had not
	over      bool      // the server has hung up
	Ending    bool      // the connection has ended: what is left is told
	Err       error     // why it did not end in order; set with Ending
	Stopped   bool      // because the trace did

	message wire.Message    // reused for every Message event
	jsons   []*content.JSON // not used now
	idle    content.Idle
}

// Preview is how much of a body is kept for a look at its beginning, in bytes.
const Preview = 64

// maxJSONs is how many decoders of JSON are kept to be used again.
const maxJSONs = 4

// looksInside reports whether anybody wants to know what bodies consist of.
func (e *Env) looksInside() bool { return e.Needs.Messages || e.Needs.Sizes || e.Needs.Telling }

// schema returns what messages are shown by.
func (e *Env) schema() *protobuf.Schema {
	if e.Protobuf != nil {
		return e.Protobuf
	}
	return protobuf.Embedded()
}

// Lends reports whether the memory of events is used again: of those of an exchange when
// its End was passed on.
func (e *Env) Lends() bool { return !e.Needs.Keeps }

// LendsNow reports whether that is when it was told.
func (e *Env) LendsNow() bool { return e.Lends() && e.Order == nil }

// Meta returns where and when the bytes of w from off to before end were seen.
func (e *Env) Meta(w *window.Window, dir wire.Dir, exchange int, off, end int64) wire.Meta {
	m := wire.Meta{Conn: e.Conn, Exchange: exchange, Dir: dir, Off: off, Start: w.TimeAt(off)}
	m.End = m.Start
	if end > off+1 {
		m.End = w.TimeAt(end - 1)
	}
	return m
}

// Anomaly reports what is wrong with the bytes of w at off.
func (e *Env) Anomaly(w *window.Window, dir wire.Dir, exchange int, off int64, f anomaly.Fault) {
	e.Tell(&wire.Anomaly{Meta: e.Meta(w, dir, exchange, off, off), Code: f.Code, Detail: f.Detail})
}

// HangUp notes that the sender of a direction has ended it, or has broken the
// connection off.
func (e *Env) HangUp(dir wire.Dir) {
	if dir == wire.ToClient {
		e.over = true
	} else {
		e.Left = e.Left || !e.over
	}
}

// Abandoned reports whether the client is gone and the server has not said that it
// has ended: who hangs up and goes on listening is still there.
func (e *Env) Abandoned() bool {
	return e.Ending && !e.Stopped && e.Left && !e.over
}

// Raw takes the next n bytes of w, which belong to no exchange, and tells them.
func (e *Env) Raw(w *window.Window, dir wire.Dir, n int) {
	if n == 0 {
		return
	}
	gone := w.Gone()
	size := int64(n + gone)
	m := e.Meta(w, dir, 0, w.Off(), w.Off()+size)
	b := w.Take(n)
	if gone > 0 {
		e.Account.Missed(gone)
	}
	if e.looksInside() {
		e.send(wire.Message{Meta: m, Kind: wire.KindRaw, Data: b, Size: size, Truncated: gone > 0}, e.Needs.Messages, false)
	}
}

// Unshown is Raw for what must not be shown: only its size is told.
func (e *Env) Unshown(w *window.Window, dir wire.Dir, n int) {
	m := e.Meta(w, dir, 0, w.Off(), w.Off()+int64(n))
	w.Take(n)
	e.Sized(m, int64(n))
}

// Sized tells n raw bytes of which only the size is known.
func (e *Env) Sized(m wire.Meta, n int64) {
	if e.looksInside() {
		e.send(wire.Message{Meta: m, Kind: wire.KindRaw, Size: n, Truncated: true}, e.Needs.Messages, false)
	}
}

// EOF tells that a direction has ended.
func (e *Env) EOF(w *window.Window, dir wire.Dir, exchange int) {
	e.Tell(&wire.EOF{Meta: wire.Meta{Conn: e.Conn, Exchange: exchange, Dir: dir, Off: w.Off(), Start: w.Last(), End: w.Last()}})
}

// send tells a message; with its data only if that is wanted, or tells something.
func (e *Env) send(m wire.Message, wanted, tells bool) {
	if !wanted {
		if m.Aside = tells; !tells {
			m.Truncated = m.Truncated || len(m.Data) > 0
			m.Data = nil
		}
	}
	e.message = m
	e.Tell(&e.message)
	e.message.Data = nil
}

// json returns a decoder of JSON.
func (e *Env) json(l content.Limits) *content.JSON {
	var j *content.JSON
	if n := len(e.jsons); n > 0 {
		j, e.jsons = e.jsons[n-1], e.jsons[:n-1]
	} else {
		j = new(content.JSON)
	}
	j.Reset(l)
	return j
}

// reuse takes a decoder that is not needed any more.
func (e *Env) reuse(j *content.JSON) {
	if j != nil && len(e.jsons) < maxJSONs {
		e.jsons = append(e.jsons, j)
	}
}
