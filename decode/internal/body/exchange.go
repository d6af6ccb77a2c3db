package body

import (
	"hash"
	"time"

	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// Exchange is what both sides of an exchange share.
type Exchange struct {
	Number  int // in its connection
	Call    dockerapi.Call
	Target  string        // of the request
	Upgrade *wire.Upgrade // what is known of what follows; nil if it stays HTTP
	Sides   [2]Body       // by direction

	env    *Env
	told   *wire.Upgrade // the event
	tty    tty           // whether its container has a terminal, as far as it tells
	tunnel *content.Tunnel
	role   string           // what files are for that messages transfer
	recipe dockerapi.Recipe // which of them are read by people
}

// Body is one side of an exchange while it goes by: the body of its message, or
// a direction of what followed an upgrade. Its bytes are those of a window.
type Body struct {
	Done bool // the message is complete, or nothing more comes of it

	exchange *Exchange
	dir      wire.Dir
	w        *window.Window
	event    *wire.Body // nil before and after the body, and for a stream
	storage  wire.Body  // of event: what nearly every exchange has is in one piece of memory
	content  content.Content
	json     *content.JSON // that content is, or was
	chain    *coding.Chain // of the body's codings; nil if it has none
	trial    *trial        // not nil: it is not certain that it has them
	typ      media.Type    // of the body, by its head
	coded    bool          // the body has codings: its bytes have no places of their own
	now      time.Time     // of the coded bytes that are being decoded
	digest   hash.Hash     // nil if nobody wants it, or it cannot be told
	sent     int           // messages
	tells    bool          // its documents are told even to those who want no others
	hidden   bool          // nobody is told of it, but for what concerns other exchanges
	kept     int           // bytes taken from the account
	lost     bool          // bytes of the body were not captured
	cut      bool          // nothing more comes of it
	enough   bool          // the other side wants no more of it
	late     bool          // its beginning may not have been captured

	spare Spare
}

// Spare is what a body can use again of one that was before it, where events are
// lent.
type Spare struct {
	data   []byte // kept of it
	digest hash.Hash
}

// Init makes x ready.
func (x *Exchange) Init(e *Env, number int) {
	x.env, x.Number = e, number
	for d := range x.Sides {
		x.Sides[d].exchange, x.Sides[d].dir = x, wire.Dir(d)
	}
}

// TellUpgrade tells what is known of what follows.
func (x *Exchange) TellUpgrade() {
	x.told = x.Upgrade
	x.env.Tell(x.told)
}

// Learnt returns what became known of what follows after it was told; nil if
// nothing did.
func (x *Exchange) Learnt() *wire.Upgrade {
	if x.Upgrade == x.told {
		return nil
	}
	return x.Upgrade
}
