package decode

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// decoding removes the content codings of one body: what comes out goes where
// the bytes of a body without codings go. Where and when: every message of such
// a body has the offset of the body's first byte, since its own bytes have no
// place of their own, and the times of the reads that completed its first and
// its last byte.
type decoding struct {
	names  []string
	layers []*coder // in the order in which they are removed; nil: broken
	off    int64    // of the body
	total  int64    // decoded bytes
	out    []byte   // decoded, and not yet passed on
}

// A body may become maxRatio times as long as it was, beyond what is free: what
// DEFLATE reaches at its best is 1032, so that no honest gzip is cut. The other
// codings, and gzip in gzip, reach far more; a few bytes of these must not keep
// decoders and the traffic behind them busy.
const (
	maxRatio = 1100
	freeSize = 1 << 20
)

// errBomb says that a body exceeds maxRatio.
var errBomb = errors.New("bomb")

// startDecoding prepares to remove the codings of h's body. It reports false if
// the body is to be taken as it is sent.
func (d *Conn) startDecoding(h *half, m *message, list string) bool {
	all, known := codings(list)
	switch {
	case known && len(all) == 0:
		return true
	case !known, !d.o.Messages && d.o.KeepBody == 0:
		return false
	}
	x := &decoding{off: m.body.Off}
	for _, c := range all {
		l := d.startCoder(h, c.run, c.cost)
		if l == nil {
			d.stopCoders(h)
			d.anomaly(h, h.ex, x.off, codeNotDecoded, c.name+": "+errSpent.Error())
			return false
		}
		x.names = append(x.names, c.name)
		x.layers = append(x.layers, l)
	}
	m.body.Coding = list
	h.decoding = x
	return true
}

// write takes the next coded bytes, seen at time t.
func (x *decoding) write(d *Conn, h *half, t time.Time, b []byte) {
	if x.broken() {
		return
	}
	layer, err := x.push(d, h, t, 0, b)
	x.flush(d, h, t)
	if err != nil {
		x.fail(d, h, layer, err)
	}
}

// push gives coded bytes to a layer, and what comes out to the next, until all
// need more. It returns the error of a layer, and which one that was.
func (x *decoding) push(d *Conn, h *half, t time.Time, layer int, b []byte) (int, error) {
	if layer == len(x.layers) {
		return layer - 1, x.collect(d, h, t, b)
	}
	c := x.layers[layer]
	for c.in = b; ; {
		p, running := c.next()
		if len(p) == 0 {
			if running {
				return layer, nil
			}
			return layer, c.err
		}
		if at, err := x.push(d, h, t, layer+1, p); err != nil {
			return at, err
		}
	}
}

// collect takes decoded bytes. Few are kept until there are more, or write ends:
// some decompressors give a byte at a time.
func (x *decoding) collect(d *Conn, h *half, t time.Time, b []byte) error {
	var err error
	if room := freeSize + maxRatio*x.layers[0].used - x.total; int64(len(b)) > room {
		b, err = b[:room], errBomb
	}
	x.total += int64(len(b))
	if len(x.out)+len(b) > maxOwn {
		x.flush(d, h, t)
	}
	if len(b) > maxOwn {
		d.content(h, fixedOrigin(x.off, t), b)
	} else {
		x.out = append(x.out, b...)
	}
	return err
}

// flush passes on what was collected.
func (x *decoding) flush(d *Conn, h *half, t time.Time) {
	if len(x.out) > 0 {
		d.content(h, fixedOrigin(x.off, t), x.out)
		x.out = x.out[:0]
	}
}

// close is the end of the body, which may not be complete.
func (x *decoding) close(d *Conn, h *half, complete bool) {
	t := h.ex.side[h.dir].body.End
	for i, c := range x.layers {
		c.final = true
		layer, err := x.push(d, h, t, i, nil)
		if err == nil {
			continue
		}
		x.flush(d, h, t)
		if complete || !errors.Is(err, io.ErrUnexpectedEOF) {
			x.fail(d, h, layer, err)
		}
		break
	}
	x.flush(d, h, t)
	x.stop(d, h)
}

// fail reports that the rest of the body cannot be decoded, and gives it up.
func (x *decoding) fail(d *Conn, h *half, layer int, err error) {
	name := x.names[layer]
	code, detail := codeBadCoding, name+": "+strings.TrimPrefix(err.Error(), name+": ")
	switch {
	case errors.Is(err, errBomb):
		code, detail = codeBomb, fmt.Sprintf("%d coded bytes become more than %d", x.layers[0].used, x.total)
	case errors.Is(err, io.ErrUnexpectedEOF):
		detail = name + ": the data end too early"
	}
	d.anomaly(h, h.ex, x.off, code, detail)
	x.giveUp(d, h)
}

// giveUp ends the content of the body before the body does.
func (x *decoding) giveUp(d *Conn, h *half) {
	m := &h.ex.side[h.dir]
	x.stop(d, h)
	m.body.Truncated = true
	m.digest = nil
	d.closeContent(h, m)
}

// stop ends the coroutines.
func (x *decoding) stop(d *Conn, h *half) {
	x.layers, x.out = nil, nil
	d.stopCoders(h)
}

// broken reports whether the rest of the body is not decoded any more.
func (x *decoding) broken() bool { return x != nil && x.layers == nil }

// content takes bytes of h's body as they are without codings.
func (d *Conn) content(h *half, at origin, b []byte) {
	m := &h.ex.side[h.dir]
	d.measure(m, b)
	if m.content != nil {
		m.content.write(d, h, at, b)
	}
}

// measure counts bytes of a body, and keeps what is asked for.
func (d *Conn) measure(m *message, b []byte) {
	m.body.Bytes += int64(len(b))
	d.keepBody(m, b)
	if m.digest != nil {
		m.digest.Write(b)
	}
}

// closeContent ends what m's body or stream is decoded to.
func (d *Conn) closeContent(h *half, m *message) {
	if m.content != nil {
		m.content.close(d, h)
		m.content = nil
	}
}
