package decode

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/tls"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// Options says how much a decoder does, and how much memory it may use. The
// zero value decodes heads and framing and keeps no content.
type Options struct {
	// Needs is what those who get the events want to be told, and whether they
	// keep it. Content codings are removed only for those who see what is inside:
	// with Sizes, Messages or Body.
	Needs wire.Needs
	// MaxMessage bounds one JSON value or WebSocket message in memory; 0 is
	// 1 MiB.
	MaxMessage int
	// Budget, if not nil, bounds what the decoders of all connections hold
	// together: bytes that are not decoded yet, heads, bodies, unfinished messages,
	// decompressors. What finds it spent is cut, or not decoded.
	Budget *Budget
	// Hidden, if not nil, says of an exchange of a connection whose request was told whether nobody
	// is told of it any more. Of its bodies only those are looked into that tell what concerns other
	// exchanges; they are still counted. It is called for connections at once, and not within an event.
	Hidden func(c *wire.Conn, exchange int) bool
	// Terminals, if not nil, is what the decoders of all connections have
	// learned about containers.
	Terminals *Terminals
	// Order, if it is not nil, says when events are passed on that a decoder has told: what
	// Needs say of their memory is meant of that. Nil: at once.
	Order Order
	// Protobuf is what messages of gRPC are shown by; nil is protobuf.Embedded.
	Protobuf *protobuf.Schema
	// Keys are the secrets that TLS is decrypted with; nil: there are none.
	Keys Keys
	// Numbers numbers nested connections. If it is nil, they are numbered behind
	// the one that carries them.
	Numbers wire.Numbering
}

// Keys are secrets of TLS, by handshakes, such as those of a keylog.Store.
type Keys = tls.Keys

// Preview is how much of a body is kept for a look at its beginning.
const Preview = body.Preview

// Budget is an amount of memory that several goroutines share.
type Budget = budget.Budget

// BudgetOf returns a budget of what m has, which others may share.
func BudgetOf(m *memory.Budget) *Budget { return budget.Of(m) }

// Terminals is what decoders have learned from the traffic and need on other
// connections: which containers have a terminal. Its methods may be called
// concurrently.
type Terminals = body.Terminals

// Order is that of what happens on several connections, for decoders that are ahead of
// it.
type Order = body.Order

// NewTerminals returns an empty memory.
func NewTerminals() *Terminals { return body.NewTerminals() }

// Codes says what each code of an Anomaly means.
func Codes() map[string]string { return anomaly.Sentences }

func (o Options) maxMessage() int {
	if o.MaxMessage > 0 {
		return o.MaxMessage
	}
	return 1 << 20
}
