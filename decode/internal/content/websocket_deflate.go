package content

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/wire"
)

// perMessage is permessage-deflate of one direction (RFC 7692, section 7): all
// its messages are one DEFLATE stream, from which each lacks its last four
// bytes. A sender that agreed to forget what it sent before (no context
// takeover) only does not refer back to it, so that this holds for it as well.
// What was agreed on the size of its window does not matter: ours is the
// largest there is.
type perMessage struct {
	account *budget.Account
	forgets bool          // the sender does not refer to earlier messages
	coder   *coding.Coder // nil before the first message, and between them if forgets
	fed     bool          // the message has bytes
}

// agreedDeflate reads the Sec-WebSocket-Extensions of a response. It returns nil
// if messages in direction dir are not compressed.
func agreedDeflate(list string, dir wire.Dir, a *budget.Account) *perMessage {
	forgets := "client_no_context_takeover"
	if dir == wire.ToClient {
		forgets = "server_no_context_takeover"
	}
	for offer := range strings.SplitSeq(list, ",") {
		name, params, _ := strings.Cut(offer, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "permessage-deflate") {
			continue
		}
		x := &perMessage{account: a}
		for param := range strings.SplitSeq(params, ";") {
			if strings.EqualFold(strings.TrimSpace(param), forgets) {
				x.forgets = true
			}
		}
		return x
	}
	return nil
}

// write takes bytes of a compressed message, and gives what they become to out.
// If that fails, it returns how many of them were not looked at.
//
// Since DEFLATE reaches a ratio of 1032 at most, and what does not fit into the
// message is dropped, it needs no other bound.
func (x *perMessage) write(b []byte, out func([]byte)) (rest int, err error) {
	if x.coder == nil {
		if x.coder = coding.StartInflate(x.account); x.coder == nil {
			return len(b), fmt.Errorf("permessage-deflate: %w", coding.ErrSpent)
		}
	}
	x.fed = x.fed || len(b) > 0
	if rest, err = x.coder.Push(b, out); err != nil {
		err = fmt.Errorf("permessage-deflate: %w", err)
	}
	return rest, err
}

// tail is what the sender left out: the end of an empty block (RFC 7692, section
// 7.2.2).
var tail = []byte{0, 0, 0xff, 0xff}

// end completes a compressed message.
func (x *perMessage) end(out func([]byte)) error {
	if !x.fed {
		return nil // without a first byte, the tail would be no block
	}
	_, err := x.write(tail, out)
	x.fed = false // for the next one
	if x.forgets {
		x.stop()
	}
	return err
}

// stop ends the decompressor.
func (x *perMessage) stop() {
	if x != nil {
		x.coder.Stop()
		x.coder = nil
	}
}
