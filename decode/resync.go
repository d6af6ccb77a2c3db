package decode

import (
	"bytes"

	"github.com/socktrace/socktrace/wire"
)

// resync passes bytes on as raw until a line looks like the start of a message.
// A line whose beginning still may become one is held back until it is told.
func resync(d *Conn, h *half) bool {
	if len(h.win) == 0 {
		return d.ended(h)
	}
	n := d.rawLines(h)
	if n > 0 {
		d.raw(h, n)
		return true
	}
	if bytes.IndexByte(h.win, '\n') >= 0 {
		h.state = responseHead
		if h.dir == wire.ToServer {
			h.state = requestHead
		}
		return true
	}
	if len(h.win) < maxLine && !h.eof && mayBeStart(h.dir, h.win) {
		return false
	}
	h.midLine = true
	return true
}

// rawLines returns how many bytes of the window come before a line that is, or
// may become, a start line.
func (d *Conn) rawLines(h *half) int {
	n := 0
	for n < len(h.win) {
		rest := h.win[n:]
		end := bytes.IndexByte(rest, '\n') + 1
		if !h.midLine {
			if end == 0 {
				break
			}
			if line, _, _ := nextLine(clipBytes(rest[:end], maxLine)); end <= maxLine && isStartLine(h.dir, line) {
				break
			}
		}
		if end == 0 {
			return len(h.win)
		}
		h.midLine = false
		n += end
	}
	return n
}

// mayBeStart reports whether b may be the beginning of a line that isStartLine
// accepts: whatever that accepts, it must not refuse any beginning of.
func mayBeStart(dir wire.Dir, b []byte) bool {
	if dir == wire.ToServer {
		return mayBeRequest(b) && plain(b)
	}
	return mayBeResponse(b)
}

// opaque passes everything on as raw: the connection does not speak HTTP/1 any
// more.
func opaque(d *Conn, h *half) bool {
	if len(h.win) == 0 {
		return d.ended(h)
	}
	d.raw(h, len(h.win))
	return true
}

// raw takes the next n bytes, which belong to no message, and sends them.
func (d *Conn) raw(h *half, n int) {
	if n == 0 {
		return
	}
	m := d.meta(h, nil, h.off, h.off+int64(n))
	b := h.take(n)
	if !d.o.Messages {
		return
	}
	w := &d.message
	*w = wire.Message{Meta: m, Kind: wire.KindRaw, Data: b, Size: int64(n)}
	d.emit(w)
	w.Data = nil
}
