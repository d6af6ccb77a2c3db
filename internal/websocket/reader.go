package websocket

import (
	"cmp"
	"fmt"

	"github.com/socktrace/socktrace/wire"
)

// Reader takes the frames of one direction apart, wherever they are cut. Of what has come it
// holds a header and a control frame at the most. It is for one goroutine, without extensions.
type Reader struct {
	Masked bool  // frames have masks: those of clients must, and no others may
	UTF8   bool  // text must be UTF-8, as it must be (RFC 6455, section 8.1) and from some servers is not
	Most   int64 // how long a message may be, in bytes

	head    Head
	frame   Frame // if inside is true
	inside  bool
	pos     int   // bytes of its payload that have come, modulo 4
	opcode  byte  // of the message that has begun; 0 between messages
	size    int64 // of that, so far
	text    text  // the same
	control []byte
}

// Part is a part of a message, or all of a control frame.
type Part struct {
	Opcode byte   // of the message, such as wire.OpText; never wire.OpContinuation
	Data   []byte // until the function that gets it returns
	Last   bool   // the message ends with it
}

// Breach is what is wrong with a frame, and the status code that the connection is closed with
// for it (RFC 6455, section 7.4.1).
type Breach struct {
	Code int
	Text string
}

func (b *Breach) Error() string { return b.Text }

// Write takes b apart, which it changes: masks are taken off in place. It calls tell for each
// part, in order. An error is a Breach, or that of tell: then nothing more may be written.
func (r *Reader) Write(b []byte, tell func(Part) error) error {
	for len(b) > 0 {
		if !r.inside {
			b = b[r.head.Take(b):]
			if !r.head.Complete() {
				return nil
			}
			if err := r.begin(); err != nil {
				return err
			}
		}
		n := int(min(r.frame.Left, int64(len(b))))
		r.frame.Mask(b[:n], r.pos)
		r.pos = (r.pos + n) & 3
		r.frame.Left -= int64(n)
		if err := r.payload(b[:n], tell); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// begin reads the header of a frame.
func (r *Reader) begin() error {
	f, err := r.head.Parse()
	if err == nil {
		err = f.Check(r.opcode != 0, false)
	}
	switch {
	case err != nil:
		return &Breach{CloseProtocol, err.Error()}
	case r.Masked && !f.Masked:
		return &Breach{CloseProtocol, "a frame without a mask"}
	case f.Masked && !r.Masked:
		return &Breach{CloseProtocol, "a frame with a mask"}
	case !f.Control() && f.Left > r.Most-r.size:
		return &Breach{CloseTooBig, fmt.Sprintf("a message of more than %d bytes", r.Most)}
	}
	r.head.Reset()
	r.frame, r.inside, r.pos = f, true, 0
	if f.Control() {
		r.control = r.control[:0]
		return nil
	}
	if f.Opcode != wire.OpContinuation {
		r.opcode = f.Opcode
	}
	r.size += f.Left
	return nil
}

// payload takes the next bytes of the frame, and ends it behind the last.
func (r *Reader) payload(b []byte, tell func(Part) error) error {
	over := r.frame.Left == 0
	r.inside = !over
	if r.frame.Control() {
		r.control = append(r.control, b...)
		if !over {
			return nil
		}
		return tell(Part{r.frame.Opcode, r.control, true})
	}
	p := Part{r.opcode, b, over && r.frame.Last}
	if r.UTF8 && r.opcode == wire.OpText {
		if is := r.text.take(b); is < len(b) || p.Last && r.text.n > 0 {
			return cmp.Or(r.tell(Part{r.opcode, b[:is], false}, tell), error(&Breach{CloseNoText, "a text that is no UTF-8"}))
		}
	}
	if p.Last {
		r.opcode, r.size = 0, 0
	}
	return r.tell(p, tell)
}

// tell tells a part of a message, if that says anything.
func (r *Reader) tell(p Part, tell func(Part) error) error {
	if len(p.Data) == 0 && !p.Last {
		return nil
	}
	return tell(p)
}
