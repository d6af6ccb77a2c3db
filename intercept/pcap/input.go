package pcap

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	// bufferSize is how much is read at once. A packet with its options must
	// fit; tcpdump and Wireshark write no packets of more than 256 KiB.
	bufferSize = 512 << 10
	// maxWindow is how much memory a zstd file may ask for: what zstd grants
	// unless it is told otherwise.
	maxWindow = 128 << 20
)

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

// openSource finds out what r is. The closer frees memory.
func openSource(r io.Reader) (source, io.Closer, error) {
	in := newInput(r)
	unpacked, err := unpack(in)
	if err != nil {
		return nil, nil, fmt.Errorf("unpack: %w", err)
	}
	if unpacked == nil {
		s, err := openPlain(in)
		return s, io.NopCloser(nil), err
	}
	s, err := openPlain(newInput(unpacked))
	return s, unpacked, err
}

// unpack returns what is inside of a compressed file; nil if it is none.
func unpack(in *input) (io.ReadCloser, error) {
	magic, _ := in.Peek(4) // the same error comes again
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		return gzip.NewReader(in)
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}
	return nil, nil
}

func openPlain(in *input) (source, error) {
	b, err := in.Peek(4)
	if len(b) == 0 && err == io.EOF {
		return nil, fmt.Errorf("%w: empty", errFormat)
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	if err == nil {
		magic := order.Uint32(b)
		if magic == blockSection {
			return &ngSource{in: in, last: time.Unix(0, 0)}, nil
		}
		if o, ok := pcapOrderOf(magic); ok {
			return openPcap(in, o)
		}
	}
	return nil, fmt.Errorf("%w: it begins with %q", errFormat, b)
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
