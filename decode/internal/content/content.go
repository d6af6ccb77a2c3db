// Package content decodes what is inside a body or an upgraded stream: JSON
// values, text, frames, WebSocket messages. A content sees bytes, their places and
// an Out; it knows no connection and no protocol around it, and replaces itself
// by saying so. It gives the same messages however the bytes are cut, apart from
// kinds without borders, whose pieces follow the reads.
package content

import (
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Content decodes one body, or one direction of a stream.
type Content interface {
	// Write takes the next bytes; at is where and when the first of them was
	// seen, and the others were seen with it. It keeps nothing of b.
	Write(out Out, at window.Place, b []byte)
	// Close is the end of the body or stream.
	Close(out Out, how End)
}

// Gapper is a Content that survives bytes which were not captured.
type Gapper interface {
	Content
	// Gap says that n bytes are missing, or, if n is negative, an unknown number;
	// the next would have been at at.
	Gap(out Out, at window.Place, n int64)
}

// End says why nothing more comes.
type End uint8

const (
	Ended   End = iota // where the framing says so
	Cut                // the direction ended, or cannot be understood any more: that is told elsewhere
	Broken             // the connection did not end in order
	Stopped            // the trace ended before
	Enough             // the other side wanted no more: what is not whole is no fault
)

// Out is where a content puts what it finds.
type Out interface {
	// Send sends a message. Its data need not live longer.
	Send(Unit)
	// Anomaly reports what is wrong with the bytes at off.
	Anomaly(off int64, code, detail string)
	// Become puts c in the place of the content that calls it: what follows goes
	// there. The caller writes to c itself what it has held back. Nil means that
	// nobody wants to know more.
	Become(c Content)
	// Found tells what the bytes turned out to be, and how that is known.
	Found(kind wire.Kind, reason string)
	// Kept returns the beginning of the body, without codings, as far as it is
	// kept: it may be all that was written so far, this Write included.
	Kept() []byte
	// Carried says what files the body has carried.
	Carried(f *wire.Files)
	// Document shows a whole JSON value before it is sent.
	Document(doc []byte)
}

// Unit is one decoded thing, on its way to become a message.
type Unit struct {
	Kind     wire.Kind
	Opcode   byte         // of a WebSocket message
	Name     string       // of the field or channel that it is
	Type     string       // of a message of gRPC, if it is known
	From, To window.Place // of its first and last byte
	Data     []byte
	Size     int64
	Missing  int64 // bytes of Size that never came
	Cut      bool  // Data is not all of it, and never will be
	More     bool  // another piece of the same unit follows
	Again    bool  // it is a piece of the same part as the one before
}

// Limits bound what a content keeps.
type Limits struct {
	Message int  // bytes of a JSON value or WebSocket message; 0: only sizes are asked for
	Summed  bool // of archives only the sum is asked for
	Account *budget.Account
}
