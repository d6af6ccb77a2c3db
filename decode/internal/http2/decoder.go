package http2

import (
	"math"
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/http2/hpack"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Limits bound what is held of a direction. The zero value is the usual.
type Limits struct {
	Head int // of a field block, as it is sent and as it becomes; 0 is 1 MiB
	Held int // of what waits for the other direction; 0 is 64 KiB
}

// Decoder decodes the streams of one connection.
type Decoder struct {
	env     *body.Env
	limit   Limits
	sides   [2]side // by direction
	open    opened
	begun   int          // exchanges
	spare   []*exchange  // to be used again, where events are lent
	head    head         // that is being decoded
	fields  []wire.Field // memory for its fields
	recent  recent       // streams that ended before their time
	orphans recent       // streams that ended, and whose request had not come: a reset of them is no fault
	missed  bool         // there are streams that are not followed
	// leftOut are those for which there was no room, and leftWhy is the code of what was
	// told of the first.
	leftOut int
	leftWhy string
	raw     bool // it was told that not all of the connection is understood
}

// side is one direction of the connection.
type side struct {
	dir   wire.Dir
	w     *window.Window
	state state
	table *hpack.Decoder
	held  int // charged for the table

	most  int    // how long a frame may be: the other side accepts it
	frame header // whose payload comes
	left  int    // bytes of it that are still to come
	pad   int    // and of the padding behind them
	x     *exchange
	block block

	first    uint32 // of the streams that the side has opened since something of it was lost
	last     uint32 // the highest that it has opened
	away     bool   // it has sent GOAWAY
	awayCode uint32
	lastSeen uint32 // and this was the highest stream that it had worked on
	gaps     int    // how often something was lost
	late     bool   // something was, or came before the beginning
	resumed  bool   // no frame has come since but CONTINUATION, whose block may have begun before
	refused  bool   // no frame begins at the first byte, whatever it looks like
	fresh    bool   // none of what has come since was refused: a packet begins with its first byte
	until    int64  // up to here it is known to be frames again
	hurried  bool   // it waits for nothing
	over     bool   // its end was looked at
	told     bool   // and told
	faults   faultSet
	hpackBad bool // it was told that a head cannot be decompressed
	unknown  bool // and that fields of heads are not known
}

// Start is how a connection begins for a decoder.
type Start struct {
	Exchanges int     // that were before, in another protocol
	Told      [2]bool // by direction: that it has ended
	// Late says that the beginning was not seen.
	Late bool
}

// New returns a decoder of what the windows get, by direction.
func New(e *body.Env, windows *[2]window.Window, l Limits, s Start) *Decoder {
	if l.Head == 0 {
		l.Head = 1 << 20
	}
	if l.Held == 0 {
		l.Held = 64 << 10
	}
	d := &Decoder{env: e, limit: l, begun: s.Exchanges}
	for i := range d.sides {
		d.sides[i] = side{
			dir: wire.Dir(i), w: &windows[i], table: hpack.New(hpack.Limits{List: l.Head}), most: leastMaxFrame,
			told: s.Told[i], state: [2]state{preface, greeting}[i],
		}
		if s.Late {
			d.sides[i].miss()
			d.sides[i].most = largestFrame
		}
	}
	return d
}

// miss notes that something of the side was not seen, or not understood: what
// decompresses its heads is not known any more, nor where a frame begins.
func (s *side) miss() {
	s.table.Lose()
	s.late, s.state, s.first = true, resync, math.MaxUint32
	s.block, s.x, s.refused, s.fresh, s.resumed, s.until = block{}, nil, false, true, true, 0
	s.gaps++
}

// opens notes that the side has opened a stream.
func (s *side) opens(stream uint32) { s.first, s.last = min(s.first, stream), max(s.last, stream) }

// other returns the opposite side.
func (d *Decoder) other(s *side) *side { return &d.sides[s.dir.Other()] }

// maxDetail bounds what an anomaly says of the bytes that are wrong.
const maxDetail = 1 << 10

// wrong reports what is wrong with the bytes of s at off.
func (d *Decoder) wrong(s *side, x *exchange, off int64, code, detail string) {
	if len(detail) > maxDetail {
		detail = detail[:maxDetail] + "…"
	}
	d.env.Anomaly(s.w, s.dir, x.number(), off, anomaly.Fault{Code: code, Detail: detail})
}

// fault reports what is wrong with the frame at the beginning of s, each fault once.
func (d *Decoder) fault(s *side, h header, f fault) {
	if s.faults.first(f) {
		d.wrong(s, d.open.get(h.stream), s.w.Off(), anomaly.BadHTTP2, f.text(h.String()))
	}
}

// begunAt is where and when the frame at the beginning of s began.
func (s *side) begunAt() window.Place {
	return window.Place{Off: s.w.Off(), Time: s.w.TimeAt(s.w.Off())}
}

// lastByte is when the last byte of the first n was seen.
func (s *side) lastByte(n int) time.Time { return s.w.TimeAt(s.w.Off() + int64(n) - 1) }
