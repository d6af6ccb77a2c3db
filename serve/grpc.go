package serve

import (
	"fmt"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/rpcstatus"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// called returns a, what was answered to a call of a client, as the messages that it is.
func called(a answer, o *open) answer {
	a.speaks = messages
	a.length = -1
	a.trailer = trailersOf(a.trailer)
	a.fields = trailersOf(a.fields)
	a.pieces, a.lacks = saidBy(o, wire.ToClient)
	a.last.typed = int64(before(o.said[wire.ToServer], a.last.at))
	return a
}

// calledBack returns what the daemon said in x, a call of its own: its messages, and how it ended
// them.
func calledBack(x *wire.Exchange, o *open) answer {
	a := answer{speaks: messages, length: -1, head: sinceEpoch(x.Request.End), last: piece{at: sinceEpoch(x.End)}}
	a.pieces, a.lacks = saidBy(o, wire.ToServer)
	switch b := x.RequestBody; {
	case b != nil && b.Complete || x.RequestBody == nil && x.State == wire.StateDone:
		if b != nil {
			a.last.at = sinceEpoch(b.End)
		}
	case x.Reset != nil && x.Reset.Dir == wire.ToServer:
		a.ends = cut
	default:
		a.ends = stays
	}
	a.last.typed = int64(before(o.said[wire.ToClient], a.last.at))
	a.over = sinceEpoch(x.End)
	if b := x.ResponseBody; b != nil {
		a.over, a.result = sinceEpoch(b.End), wire.FieldValue(b.Trailer, status)
	}
	return a
}

// status is the field that has the code of how a call has ended.
const status = "grpc-status"

// before returns how many messages came before a time.
func before(said []*wire.Message, at time.Duration) (n int) {
	for _, m := range said {
		if sinceEpoch(m.End) < at {
			n++
		}
	}
	return n
}

// filePacket is the type of the messages that transfer files: a file that is masked is none.
const filePacket = "fsutil.types.Packet"

// saidBy returns the messages of one direction of a call as pieces, each with its prefix, and why
// they are not all there; empty if they are.
func saidBy(o *open, dir wire.Dir) (parts []piece, lacks string) {
	for i, m := range o.said[dir] {
		msg, err := messageOf(m)
		switch {
		case len(m.Masked) > 0 && (err != nil || m.Type == filePacket):
			return nil, isMasked
		case err != nil:
			return nil, fmt.Sprintf("message %d of its answer was not recorded in full (%v)", i+1, err)
		}
		parts = append(parts, piece{data: withPrefix(msg), at: sinceEpoch(m.End), typed: int64(o.seen[dir][i])})
	}
	return parts, ""
}

// firstSaid returns when the request of a call was complete as far as its server may have answered
// it: with its first message.
func firstSaid(x *wire.Exchange, o *open) time.Duration {
	if said := o.said[wire.ToServer]; len(said) > 0 && !greets(x, o) {
		return sinceEpoch(said[0].End)
	}
	return sinceEpoch(x.Request.End)
}

// greets reports whether the server of a call has answered it before it got a message: its client
// may say nothing until it does.
func greets(x *wire.Exchange, o *open) bool {
	return x.Response != nil && x.Response.End.Before(o.said[wire.ToServer][0].Start)
}

// firstMessage returns the first message of the client of a call, as JSON; false if there is none
// that can be compared, or that the answer may have depended on.
func firstMessage(x *wire.Exchange, o *open) ([]byte, bool) {
	said := o.said[wire.ToServer]
	if len(said) == 0 || said[0].Kind != wire.KindGRPC || said[0].Truncated || greets(x, o) {
		return nil, false
	}
	if m := said[0]; len(m.Masked) == 0 {
		if msg, err := messageOf(m); err == nil {
			return shown(protobuf.Embedded().Named(m.Type), msg), true
		}
	}
	return said[0].Data, true
}

// trailersOf returns fields of the answer to a call as they are sent: messages are not compressed,
// and the whole status of an error is in base64, where a recording may have it as JSON,
// or has masked it.
func trailersOf(fields []wire.Field) (kept []wire.Field) {
	for _, f := range fields {
		name := strings.ToLower(f.Name)
		known := name != "grpc-encoding"
		if name == wire.StatusDetails {
			f.Value, known = rpcstatus.Value(f.Value)
		}
		if known {
			kept = append(kept, f)
		}
	}
	return kept
}
