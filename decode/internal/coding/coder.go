// Package coding removes content codings (RFC 9110, section 8.4), as bytes come.
//
// Decompressors read what they need and wait for it, but a decoder here is given
// bytes and must return. So a decompressor runs as a coroutine: it is suspended
// where it would wait, and goes on when there are more.
package coding

import (
	"errors"
	"io"
	"iter"
	"sync"

	"github.com/socktrace/socktrace/decode/internal/budget"
)

// Coder is a decompressor as a coroutine. It runs only while Push or Stop is
// called, and has to be stopped, whatever the reason that nobody needs it any
// more.
//
// For the decompressor it is both ends: it reads coded bytes from the coder,
// and writes decoded ones to it. It must read no further than it has to, since
// what it knows after each byte decides which events there are: that is the
// same however the bytes are cut.
type Coder struct {
	in    []byte // borrowed: what it may read now
	final bool   // nothing follows in
	used  int64  // bytes it has read
	err   error  // why it ended; nil at the end of its data

	marked  bool   // what it reads is kept
	read    []byte // that
	through bool   // it has ended, and what follows passes by as it is

	account *budget.Account
	cost    int // memory taken from it

	yield func([]byte) bool
	next  func() ([]byte, bool) // decoded bytes, valid until it is called again; empty: it needs more
	stop  func()
}

// errStopped ends a decompressor that is not needed any more.
var errStopped = errors.New("stopped")

// ErrSpent says that a decompressor is not started.
var ErrSpent = errors.New("the memory for it is spent")

// start returns a coroutine that waits for the first byte, if one comes, and
// then calls run, which uses cost bytes of memory. It returns nil if the account
// has less.
func start(run func(*Coder) error, cost int, a *budget.Account) *Coder {
	if !a.Charge(cost) {
		a.Missed(0)
		return nil
	}
	c := &Coder{account: a, cost: cost}
	c.next, c.stop = iter.Pull(func(yield func([]byte) bool) {
		c.yield = yield
		if err := c.wait(); err == nil {
			c.err = run(c)
		}
	})
	a.Started(c)
	return c
}

// Push gives it coded bytes, and what they become to out. It returns how many
// were not looked at, and why no more are: nil if it goes on.
func (c *Coder) Push(b []byte, out func([]byte)) (rest int, err error) {
	for c.in = b; ; {
		p, running := c.next()
		if !running {
			return len(c.in), c.err
		}
		if len(p) == 0 {
			return 0, nil
		}
		out(p)
	}
}

// Stop ends it, and gives back its memory. It may be called again.
func (c *Coder) Stop() {
	if c == nil || c.stop == nil {
		return
	}
	c.account.Refund(c.cost)
	c.account.Ended(c)
	c.stop()
	c.stop = nil
}

// wait returns when there is something to read. Its error is io.EOF if nothing
// follows.
func (c *Coder) wait() error {
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
func (c *Coder) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := c.wait(); err != nil {
		return 0, err
	}
	n := copy(p, c.in)
	c.took(n)
	return n, nil
}

// took notes that n bytes were read.
func (c *Coder) took(n int) {
	if c.marked {
		c.read = append(c.read, c.in[:n]...)
	}
	c.in = c.in[n:]
	c.used += int64(n)
}

// mark has what is read kept from here on, until it is known to belong to the
// coding: keep is false then.
func (c *Coder) mark(keep bool) { c.marked, c.read = keep, c.read[:0] }

// rest returns what was not decoded: what was read since the mark, and what was not
// read.
func (c *Coder) rest() []byte { return append(c.read, c.in...) }

// ReadByte takes one coded byte. With it, compress/flate takes no more than it
// needs.
func (c *Coder) ReadByte() (byte, error) {
	if err := c.wait(); err != nil {
		return 0, err
	}
	b := c.in[0]
	c.took(1)
	return b, nil
}

// unread gives back the bytes that were read last.
func (c *Coder) unread(b []byte) {
	c.in = append(b[:len(b):len(b)], c.in...)
	c.used -= int64(len(b))
}

// Write passes decoded bytes on.
func (c *Coder) Write(b []byte) (int, error) {
	if len(b) > 0 && !c.yield(b) {
		return 0, errStopped
	}
	return len(b), nil
}

// copyBuffers are memory for what is decoded, of decompressors that have ended: a message of
// gRPC has one of its own, and a body thousands of those.
var copyBuffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// copy writes all of r, which reads from c, to c.
func (c *Coder) copy(r io.Reader) error {
	buf := copyBuffers.Get().(*[32 << 10]byte)
	defer copyBuffers.Put(buf)
	_, err := io.CopyBuffer(c, r, buf[:])
	return err
}
