package decode

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// sized takes a body whose length is known (RFC 9112, section 6.2).
func sized(d *Conn, h *half) bool {
	if h.left == 0 {
		d.messageDone(h, true)
		return true
	}
	n := int(min(h.left, int64(len(h.win))))
	if n == 0 {
		return h.eof && d.cutShort(h, fmt.Sprintf("%d bytes of the body are missing", h.left)) // the text costs
	}
	h.left -= int64(n)
	d.feed(h, n)
	return true
}

// untilClose takes a body that ends with the connection (RFC 9112, section
// 6.3, case 8).
func untilClose(d *Conn, h *half) bool {
	if len(h.win) > 0 {
		d.feed(h, len(h.win))
		return true
	}
	switch {
	case !h.eof:
		return false
	case d.err != nil: // a reset, or the end of the trace, is not the end of the body
		return d.cutShort(h, "the connection did not end in order")
	}
	d.messageDone(h, true)
	return true
}

// chunkSize reads the line before a chunk: its size in hexadecimal, and
// extensions that mean nothing to us (RFC 9112, section 7.1).
func chunkSize(d *Conn, h *half) bool {
	n := h.findLine()
	if n == 0 {
		if len(h.win) > maxLine {
			d.badFraming(h, codeBadChunkSize, "the line is too long")
			return true
		}
		return d.cutShort(h, "the body ended before its last chunk")
	}
	line, _, _ := nextLine(clipBytes(h.win[:n], maxLine))
	size, _, _ := strings.Cut(line, ";")
	length, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 63)
	if err != nil {
		d.badFraming(h, codeBadChunkSize, strconv.Quote(clip(line)))
		return true
	}
	d.frame(h, n)
	h.left = int64(length)
	h.state = chunkData
	if length == 0 {
		h.state = trailer
	}
	return true
}

// chunkData takes the content of a chunk.
func chunkData(d *Conn, h *half) bool {
	n := int(min(h.left, int64(len(h.win))))
	if n == 0 {
		return h.eof && d.cutShort(h, fmt.Sprintf("%d bytes of a chunk are missing", h.left))
	}
	h.left -= int64(n)
	d.feed(h, n)
	if h.left == 0 {
		h.state = chunkEnd
	}
	return true
}

// chunkEnd takes the line end behind a chunk.
func chunkEnd(d *Conn, h *half) bool {
	switch {
	case len(h.win) > 0 && h.win[0] == '\n':
		d.anomaly(h, h.ex, h.off, codeBareLF, "behind a chunk")
		d.frame(h, 1)
	case len(h.win) > 0 && h.win[0] != '\r':
		d.badFraming(h, codeBadChunkEnd, strconv.Quote(string(h.win[:1])))
		return true
	case len(h.win) > 1 && h.win[1] != '\n':
		d.badFraming(h, codeBadChunkEnd, strconv.Quote(string(h.win[:2])))
		return true
	case len(h.win) < 2:
		return d.cutShort(h, "the body ended before its last chunk")
	default:
		d.frame(h, 2)
	}
	h.state = chunkSize
	return true
}

// trailer takes the trailer section and the empty line that ends the body (RFC
// 9112, section 7.1.2).
func trailer(d *Conn, h *half) bool {
	n := 0
	switch {
	case len(h.win) > 0 && h.win[0] == '\n':
		n = 1
	case len(h.win) > 1 && h.win[0] == '\r' && h.win[1] == '\n':
		n = 2
	default:
		n = h.findHead()
	}
	if n == 0 {
		if len(h.win) > maxHead {
			d.badFraming(h, codeHeadTooLarge, "the trailer section")
			return true
		}
		return d.cutShort(h, "the body ended within its trailer section")
	}
	if n > 2 {
		fields, faults := parseFields(string(h.win[:n]), 0, nil)
		h.ex.side[h.dir].body.Trailer = fields
		d.faults(h, h.ex, faults)
	}
	d.frame(h, n)
	d.messageDone(h, true)
	return true
}

// cutShort ends a message whose direction ended before it did. It returns
// false if the direction goes on.
func (d *Conn) cutShort(h *half, detail string) bool {
	if !h.eof {
		return false
	}
	if d.stopped() {
		h.state = opaque // the exchange stays open: flush ends it
		return true
	}
	if h.dir == wire.ToServer || !d.half[wire.ToServer].hungUp {
		// A client that has seen enough of an endless body hangs up: that is
		// no fault of the daemon's.
		d.anomaly(h, h.ex, h.off, codeIncomplete, detail)
	}
	d.breakOff(h)
	return true
}

// badFraming reports that the end of h's body cannot be found any more.
func (d *Conn) badFraming(h *half, code, detail string) {
	d.anomaly(h, h.ex, h.off, code, detail)
	d.breakOff(h)
}

// breakOff ends h's message, if it is in one, and searches for the next.
func (d *Conn) breakOff(h *half) {
	h.state = resync
	h.searched = 0
	h.left = 0
	h.midLine = false
	if h.ex != nil {
		d.done(h, false)
	}
}

// ended tells, once, that a direction has ended between messages.
func (d *Conn) ended(h *half) bool {
	if !h.eof || h.told {
		return false
	}
	h.told = true
	ev := &wire.EOF{Meta: wire.Meta{Conn: d.conn, Dir: h.dir, Off: h.off, Start: h.last, End: h.last}}
	switch {
	case h.ex != nil:
		ev.Exchange = h.ex.Exchange
	case len(d.open) > 0:
		ev.Exchange = d.open[len(d.open)-1].Exchange
	}
	d.emit(ev)
	return true
}
