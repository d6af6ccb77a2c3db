package tls

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

// Keys are the secrets of handshakes, as a keylog.Store has them.
type Keys interface {
	// Secret returns a secret, or nil if it is not known.
	Secret(keylog.Label, keylog.Random) []byte
	// Expects reports whether one that is not known may be known later.
	Expects() bool
	// Given reports whether there is a key log at all.
	Given() bool
}

// Out is what a Decoder tells. Directions are those of the connection. Where the decoder
// is in one is where its window begins: how much has come behind that says nothing.
type Out interface {
	// Shook tells what the handshake agreed on: once, before all that was inside. Conn
	// is not set.
	Shook(*wire.TLS)
	// Data is what a record carried; b is valid until it returns.
	Data(dir wire.Dir, at time.Time, b []byte)
	// Missed tells that n bytes of what was inside were not captured; -1 if their number is not
	// known.
	Missed(dir wire.Dir, at time.Time, n int64)
	// End tells that a direction has ended.
	End(dir wire.Dir, at time.Time)
	// Lost tells that n bytes were not captured that carried nothing; -1 as in Missed.
	Lost(dir wire.Dir, at time.Time, n int64)
	// Opaque takes some of the next n bytes of the window, of which only their size is
	// told.
	Opaque(dir wire.Dir, w *window.Window, n int)
	// Fault tells what is wrong.
	Fault(dir wire.Dir, at time.Time, f anomaly.Fault)
}

// state is what a direction does next.
type state uint8

const (
	clear    state = iota // reads a record of the handshake that is not protected
	waits                 // for what its next record is opened with
	sealed                // opens a record
	torn                  // leaves out the rest of a record of which a part is lost
	searches              // for a record, behind a gap
	closed                // nothing comes any more
)

// epoch is which secret of TLS 1.3 the records of a direction are protected by.
type epoch uint8

const (
	inHandshake epoch = iota // the first of the server
	inEarly                  // before it, of clients that send early data
	inTraffic                // of any generation
)

// half is one direction.
type half struct {
	dir      wire.Dir
	w        *window.Window
	state    state
	messages messages
	opener   opener
	seq      uint64 // of the next record
	epoch    epoch
	secret   []byte // of the epoch

	skips    bool  // early data that cannot be opened comes before what can
	skipped  int   // of them, in bytes
	left     int   // of a torn record, in bytes
	unsealed bool  // that is not protected
	lost     int64 // since the last record that was opened; -1: not known how many
	pending  bool  // that is to be told
	said     bool  // it was, but not what it means for what is inside
	tried    int   // bytes of records that could not be opened, in this search

	seen     bool // its hello
	doubtful bool // something was lost between records before that
	begun    bool // data came of it
	finished bool // its part of the handshake is over
	ended    bool // that was told
	silent   bool // it has not ended in order: that is not told
}

// change has a direction wait for other keys.
func (h *half) change(e epoch) { h.state, h.epoch, h.opener, h.seq = waits, e, nil, 0 }

// Decoder reads one connection.
type Decoder struct {
	keys    Keys // nil: there are none
	account *budget.Account
	out     Out
	halves  [2]half
	now     time.Time // of the record that is read

	random  keylog.Random // of the first ClientHello
	agreed  agreed        // by the hellos that came last
	openers [2]opener     // of that, before TLS 1.3; nil: they are not known yet
	early   bool          // the client offers early data, and it may be accepted
	encExt  bool          // the encrypted extensions were seen, or will not be
	done    bool          // the server has said that its part is over (RFC 5246, section 7.4.5)

	info   wire.TLS
	told   bool
	opaque bool
	over   bool // nothing is waited for any more
	gap    bool // something was not captured
}
