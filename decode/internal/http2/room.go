package http2

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/wire"
)

// maxShort is how long a value may be that is kept where there is no memory for a
// head.
const maxShort = 1 << 10

// deciding are the fields that say how a message and its body are to be read.
var deciding = []string{
	":method", ":path", ":scheme", ":authority", ":protocol", ":status", "content-encoding", "content-length", "content-type", "grpc-encoding",
	"grpc-status", "sec-websocket-extensions", "sec-websocket-protocol",
}

// fit charges what the fields of h need, and base besides. If there is not as much, only
// what decides is kept; must says that this is, whatever else is held. It returns false
// if nothing is.
func (d *Decoder) fit(h *head, base int, must bool) (room int, ok bool) {
	room = base + min(h.Size, d.limit.Head) + body.FieldRoom*len(h.Fields)
	if d.env.Account.Charge(room) {
		return room, true
	}
	h.shorten()
	for i := range h.Fields {
		base += body.FieldRoom + len(h.Fields[i].Name) + len(h.Fields[i].Value)
	}
	room = base
	if d.env.Account.Need(room) {
		return room, true
	}
	if must {
		d.env.Account.Force(room)
	}
	return room, must
}

// shorten keeps of h what decides, in memory of its own: all texts of a head may be in
// one piece of it. Of a long target there is the beginning, and else nothing that is long.
func (h *head) shorten() {
	kept, kinds := h.Fields[:0], h.Kinds[:0]
	for n, f := range h.Fields {
		i := slices.Index(deciding, f.Name)
		if f.Name == ":path" {
			f.Value = f.Value[:min(len(f.Value), maxShort)]
		}
		if i >= 0 && len(f.Value) <= maxShort {
			f.Name, f.Value = deciding[i], strings.Clone(f.Value)
			kept, kinds = append(kept, f), append(kinds, h.Kinds[n])
		}
	}
	clear(h.Fields[len(kept):])
	h.Fields, h.Kinds, h.short, h.pseudo = kept, kinds, true, pseudo{}
	h.read()
}

// shortened reports that most of h, which belongs to x, is left out, if it is.
func (d *Decoder) shortened(s *side, x *exchange, h *head) {
	if h.short && h.Size > 0 { // else all of it is missing, which was told
		d.env.Account.Missed(h.Size)
		d.wrong(s, x, h.at.Off, anomaly.Spent, fmt.Sprintf("%d bytes of a head", h.Size))
	}
	if h.Cut {
		d.wrong(s, x, h.at.Off, anomaly.HeadTooLarge, fmt.Sprintf("%d bytes, when it is decompressed", h.Size))
	}
}

// behind is where the room of trailers is: behind that of heads.
const behind = 2

// keep returns the fields of h, as a part of x that has a room. Their memory may be used
// again where events are lent.
func (d *Decoder) keep(x *exchange, part int, h *head) []wire.Field {
	fields := append(x.room[part][:0], h.Fields...)
	x.room[part] = nil
	if d.env.LendsNow() && cap(fields) <= maxRoom {
		x.room[part] = fields[:0]
	}
	return fields
}

// told returns fields as they are told: to who wants to know what a message is, and no
// fields, those that tell it of a call of gRPC.
func (d *Decoder) told(fields []wire.Field) []wire.Field {
	switch {
	case d.env.Needs.Fields:
		return fields
	case d.env.Needs.Lines:
		return ofCall(fields)
	}
	return nil
}

// ofCall returns those of the fields that say that a message is of a call of gRPC, how
// long that may take, how it has ended, and which folder BuildKit asks for.
func ofCall(fields []wire.Field) (of []wire.Field) {
	for _, f := range fields {
		switch f.Name {
		case "content-type":
			if !wire.IsGRPC(wire.MediaType(f.Value)) {
				return nil
			}
			of = append(of, f)
		case "grpc-status", "grpc-message", "grpc-timeout", "dir-name", wire.UnknownField:
			of = append(of, f)
		}
	}
	return of
}
