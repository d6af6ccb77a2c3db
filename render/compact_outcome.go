package render

import (
	"strconv"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/wire"
)

// leastDetail is to how many columns a detail may be cut.
const leastDetail = 12

// result makes the parts that say what became of an exchange that has ended.
func (r *row) result(x *wire.Exchange) {
	r.details(x)
	if exit := x.Outcome.Exit; exit != nil {
		o := plain
		if *exit != 0 {
			o = role4xx
		}
		var b [32]byte
		r.data(o, strconv.AppendInt(append(b[:0], "exit "...), *exit, 10))
		r.part(part{gap: comma})
	}
	r.call(x)
	r.streamed(x)
	r.files(x.RequestBody)
	r.files(x.ResponseBody)
	r.ending(x)
	r.failure(x)
	r.sizes(x)
}

// details makes a part of each property that tells the exchange from others.
func (r *row) details(x *wire.Exchange) {
	at := inContainer(x)
	for _, d := range x.Details {
		if d.Name == "path" && at != "" { // it stands behind the container
			continue
		}
		r.text(roleFaint, d.Name)
		r.own(roleFaint, "=")
		r.shortened(plain, d.Value)
		r.part(part{spare: true, cutTo: leastDetail})
	}
}

// rowStreams are the kinds of messages whose bytes are told, the most telling first.
var rowStreams = [...]wire.Kind{
	wire.KindSystemErr, wire.KindStdout, wire.KindStderr, wire.KindTerminal, wire.KindWebSocket, wire.KindRaw, wire.KindStdin,
}

// streamed makes parts of how much went through streams: bytes, or documents of JSON.
func (r *row) streamed(x *wire.Exchange) {
	for _, kind := range rowStreams {
		if s := &x.Streams[kind]; s.Frames > 0 {
			r.own(labelRole(kind), labels[kind])
			r.own(plain, " ")
			r.bytes(s.Bytes)
			r.part(part{gap: comma, spare: true})
		}
	}
	n := x.Messages[wire.ToClient]
	switch b := x.ResponseBody; {
	case isEvents(x) && n > 0:
		r.counted(plain, n, plural.Word(n, "event"))
	case n > 1 && b != nil && b.Content == wire.KindJSON:
		r.counted(plain, n, "messages")
	}
	r.part(part{gap: comma, spare: true})
}

// files makes a part of what an archive has carried, and what for.
func (r *row) files(b *wire.Body) {
	if b == nil || b.Files == nil {
		return
	}
	if role := b.Files.Role; role != "" {
		r.text(plain, role)
		r.own(plain, ": ")
	}
	r.counted(plain, b.Files.Files, plural.Word(b.Files.Files, "file"))
	r.own(plain, comma)
	r.carried(b.Files)
	r.part(part{gap: comma, spare: true})
}

// ending makes parts of how the exchange ended, unless it is done, and of how often
// its traffic broke a rule. A client that leaves breaks none.
func (r *row) ending(x *wire.Exchange) {
	switch {
	case leaves(x):
		r.own(roleFaint, "client left")
	case !brokeOff(x):
	case x.State == wire.StateOpen:
		r.own(roleNote, x.State.String())
	default:
		r.own(roleAnomaly, x.State.String())
	}
	r.part(part{gap: comma})
	if x.Outcome.Left { // what that has cut off is no news
		return
	}
	if n := int64(len(x.Anomalies)); n > 0 {
		r.counted(roleAnomaly, n, plural.Word(n, "anomaly"))
		r.part(part{gap: comma, spare: true}) // each had a line
	}
}

// failure makes a part of what the daemon says went wrong, be it in its status line.
func (r *row) failure(x *wire.Exchange) {
	o, why := roleAnomaly, x.Outcome.Error
	if x.Response != nil && x.Response.Status >= 400 {
		o = statusRole(x.Response.Status)
		if why == "" { // an answer to HEAD has no message
			why = x.Response.Reason
		}
	}
	if why == "" {
		return
	}
	r.own(o, "! ")
	r.shortened(o, why)
	r.part(part{below: true})
}

// sizes makes parts of how large the bodies were, if that says most of what is known,
// or if they were large.
func (r *row) sizes(x *wire.Exchange) {
	r.bodySize(r.glyphs.sent, x.RequestBody, known(x))
	r.bodySize(r.glyphs.received, x.ResponseBody, known(x))
}

func (r *row) bodySize(arrow string, b *wire.Body, known bool) {
	if b == nil || b.Content == wire.KindGRPC || b.WireBytes == 0 || known && b.WireBytes <= units.ExactBelow {
		return
	}
	r.own(roleFaint, arrow)
	r.bytes(b.WireBytes)
	r.part(part{spare: true})
}
