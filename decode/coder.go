package decode

import (
	"errors"
	"io"
	"iter"
)

// coder is a decompressor that runs as a coroutine. Decompressors read what
// they need and wait for it, but a decoder here is given bytes and must return:
// so the decompressor is suspended where it would wait, and goes on when there
// are more. It runs only while next or stop is called, and has to be stopped.
//
// For the decompressor it is both ends: it reads coded bytes from the coder,
// and writes decoded ones to it. It must read no further than it has to, since
// what it knows after each byte decides which events there are: that is the
// same however the bytes are cut.
type coder struct {
	in    []byte // borrowed: what it may read now
	final bool   // nothing follows in
	used  int64  // bytes it has read
	err   error  // why it ended; nil at the end of its data
	cost  int    // memory taken from the budget

	yield func([]byte) bool
	next  func() ([]byte, bool) // decoded bytes, valid until it is called again; empty: it needs more
	stop  func()
}

// errStopped ends a decompressor that is not needed any more.
var errStopped = errors.New("stopped")

// errSpent says that a decompressor is not started.
var errSpent = errors.New("the memory for it is spent")

// newCoder returns a coroutine that waits for the first byte, if one comes, and
// then calls run.
func newCoder(run func(*coder) error) *coder {
	c := new(coder)
	c.next, c.stop = iter.Pull(func(yield func([]byte) bool) {
		c.yield = yield
		if err := c.wait(); err == nil {
			c.err = run(c)
		}
	})
	return c
}

// wait returns when there is something to read. Its error is io.EOF if nothing
// follows.
func (c *coder) wait() error {
	for len(c.in) == 0 {
		if c.final {
			return io.EOF
		}
		if !c.yield(nil) {
			return errStopped
		}
	}
	return nil
}

// Read takes coded bytes.
func (c *coder) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := c.wait(); err != nil {
		return 0, err
	}
	n := copy(p, c.in)
	c.in = c.in[n:]
	c.used += int64(n)
	return n, nil
}

// ReadByte takes one coded byte. With it, compress/flate takes no more than it
// needs.
func (c *coder) ReadByte() (byte, error) {
	if err := c.wait(); err != nil {
		return 0, err
	}
	b := c.in[0]
	c.in = c.in[1:]
	c.used++
	return b, nil
}

// unread gives back the bytes that were read last.
func (c *coder) unread(b []byte) {
	c.in = append(b[:len(b):len(b)], c.in...)
	c.used -= int64(len(b))
}

// Write passes decoded bytes on.
func (c *coder) Write(b []byte) (int, error) {
	if len(b) > 0 && !c.yield(b) {
		return 0, errStopped
	}
	return len(b), nil
}

// startCoder starts a coroutine for h that uses cost bytes of memory, or
// returns nil if the budget is spent.
func (d *Conn) startCoder(h *half, run func(*coder) error, cost int) *coder {
	if d.o.Budget.take(cost) < cost {
		return nil
	}
	c := newCoder(run)
	c.cost = cost
	h.coders = append(h.coders, c)
	return c
}

// stopAll ends all coroutines of the connection.
func (d *Conn) stopAll() {
	for i := range d.half {
		d.stopCoders(&d.half[i])
	}
}

// stopCoders ends all coroutines of h.
func (d *Conn) stopCoders(h *half) {
	for i, c := range h.coders {
		h.coders[i] = nil
		d.o.Budget.give(c.cost)
		c.stop()
	}
	h.coders = h.coders[:0]
}
