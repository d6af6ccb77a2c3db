package decode

import (
	"compress/flate"
	"fmt"
	"io"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// deflateExtension is permessage-deflate of one direction (RFC 7692, section
// 7): all its messages are one DEFLATE stream, from which each lacks its last
// four bytes. A sender that agreed to forget what it sent before (no context
// takeover) only does not refer back to it, so that this holds for it as well.
// What was agreed on the size of its window does not matter: ours is the
// largest there is.
type deflateExtension struct {
	forgets bool   // the sender does not refer to earlier messages
	coder   *coder // nil before the first message, and between them if forgets
	fed     bool   // the message has bytes
}

// agreedDeflate reads the Sec-WebSocket-Extensions of a response. It returns nil
// if messages in direction dir are not compressed.
func agreedDeflate(list string, dir wire.Dir) *deflateExtension {
	forgets := "client_no_context_takeover"
	if dir == wire.ToClient {
		forgets = "server_no_context_takeover"
	}
	for offer := range strings.SplitSeq(list, ",") {
		name, params, _ := strings.Cut(offer, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "permessage-deflate") {
			continue
		}
		x := &deflateExtension{}
		for param := range strings.SplitSeq(params, ";") {
			if strings.EqualFold(strings.TrimSpace(param), forgets) {
				x.forgets = true
			}
		}
		return x
	}
	return nil
}

// write takes bytes of a compressed message. If that fails, it returns how many
// of them were not looked at.
//
// Since DEFLATE reaches a ratio of 1032 at most, and what does not fit into the
// message is dropped, it needs no other bound.
func (x *deflateExtension) write(d *Conn, h *half, m *wsMessage, b []byte) (rest int, err error) {
	if x.coder == nil {
		if x.coder = d.startCoder(h, inflateMessages, flateCost); x.coder == nil {
			return len(b), fmt.Errorf("permessage-deflate: %w", errSpent)
		}
	}
	x.fed = x.fed || len(b) > 0
	for x.coder.in = b; ; {
		p, running := x.coder.next()
		if !running {
			return len(x.coder.in), fmt.Errorf("permessage-deflate: %w", x.coder.err)
		}
		if len(p) == 0 {
			return 0, nil
		}
		m.keep(d, p)
	}
}

// tail is what the sender left out: the end of an empty block (RFC 7692, section
// 7.2.2).
var tail = []byte{0, 0, 0xff, 0xff}

// end completes a compressed message.
func (x *deflateExtension) end(d *Conn, h *half, m *wsMessage) error {
	if !x.fed {
		return nil // without a first byte, the tail would be no block
	}
	x.fed = false
	_, err := x.write(d, h, m, tail)
	if x.forgets {
		d.stopCoders(h)
		x.coder = nil
	}
	return err
}

// inflateMessages decodes a DEFLATE stream without end. A sender may end it in
// the middle (RFC 7692, section 7.2.3.4): then it begins anew, without what was
// sent before.
func inflateMessages(c *coder) error {
	buf := make([]byte, 4<<10)
	z := flate.NewReader(c)
	for {
		if _, err := io.CopyBuffer(c, z, buf); err != nil {
			return err
		}
		if err := z.(flate.Resetter).Reset(c, nil); err != nil {
			return err
		}
	}
}
