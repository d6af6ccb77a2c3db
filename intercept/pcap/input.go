package pcap

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// bufferSize is how much is read at once. A packet with its options must fit;
// tcpdump and Wireshark write no packets of more than 256 KiB.
const bufferSize = 512 << 10

// packet is one packet of a file.
type packet struct {
	time    time.Time
	link    uint16 // what data begins with (https://www.tcpdump.org/linktypes.html)
	data    []byte // what was kept of it; valid until the next is read
	length  int    // what it had
	options []byte // of its block; empty in other files
	order   binary.ByteOrder
}

// source is a file of packets.
type source interface {
	// next reads a packet, as soon as it is there. It fails with io.EOF at the
	// end of the file, and with io.ErrUnexpectedEOF if that is within a packet.
	next(p *packet) error
}

// errFormat is what all that is not a capture fails with.
var errFormat = errors.New("neither pcap nor pcapng")

// Recognize reports whether a file that begins with b is a capture: four bytes
// tell.
func Recognize(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	magic := order.Uint32(b)
	_, ok := pcapOrderOf(magic)
	return ok || magic == blockSection
}

// openSource finds out what r is.
func openSource(r io.Reader) (source, error) {
	in := newInput(r)
	b, err := in.Peek(4)
	switch {
	case len(b) == 0 && err == io.EOF:
		return nil, fmt.Errorf("%w: empty", errFormat)
	case err != nil && err != io.EOF:
		return nil, err
	case !Recognize(b):
		return nil, fmt.Errorf("%w: it begins with %q", errFormat, b)
	}
	if o, ok := pcapOrderOf(order.Uint32(b)); ok {
		return openPcap(in, o)
	}
	return &ngSource{in: in, last: time.Unix(0, 0)}, nil
}

// input is a file that is read forward, as far as has come of it.
//
//	bufio.Reader ──┬─────────┬─────┬──────►
//	               │ skipped │ win │ not read
type input struct {
	*bufio.Reader        // not to be used once peek or skip was
	pos           int64  // of what is read next
	win           []byte // what was read and not skipped
	skipped       int    // bytes before win that the Reader still has
}

func newInput(r io.Reader) *input { return &input{Reader: bufio.NewReaderSize(r, bufferSize)} }

// peek returns the next n bytes, which are at most bufferSize. They are valid
// until the next call. It fails with io.EOF only if there is nothing left.
func (in *input) peek(n int) ([]byte, error) {
	if n <= len(in.win) {
		return in.win[:n], nil
	}
	return in.read(n)
}

// read is peek for what was not read yet.
func (in *input) read(n int) ([]byte, error) {
	in.settle()
	b, err := in.Peek(n)
	in.win, _ = in.Peek(in.Buffered())
	if err == io.EOF && len(b) > 0 {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// settle makes the Reader forget what was skipped.
func (in *input) settle() {
	in.Discard(in.skipped) // it is there
	in.win, in.skipped = nil, 0
}

// skip goes on behind the next n bytes, which must be there.
func (in *input) skip(n int64) error {
	if n <= int64(len(in.win)) {
		in.win, in.skipped, in.pos = in.win[n:], in.skipped+int(n), in.pos+n
		return nil
	}
	in.settle()
	for n > 0 {
		k, err := in.Discard(int(min(n, 1<<30)))
		in.pos += int64(k)
		if n -= int64(k); err == io.EOF {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
	}
	return nil
}
