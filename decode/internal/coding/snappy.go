package coding

import (
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/klauspost/compress/s2"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
)

// snappyBlock is the most that a block of snappy becomes (Snappy framing format, section
// 4.2); a reader has room for one, compressed and not, and a buffer.
const snappyBlock = 64 << 10

// KnownMessage reports whether messages of gRPC can be unpacked that are in a coding.
func KnownMessage(name string) bool {
	_, ok := messageCodec(name)
	return ok
}

// NewMessageChain is NewChain for a message of gRPC, whose coding is known.
func NewMessageChain(name string, a *budget.Account, to Sink) (*Chain, anomaly.Fault) {
	c, _ := messageCodec(name)
	return newChain([]codec{c}, a, to)
}

// messageCodec returns the coding of messages of a name: of bodies, or one that only
// messages have.
func messageCodec(name string) (codec, bool) {
	if strings.EqualFold(name, "snappy") {
		return codec{"snappy", unsnappy, 4 * snappyBlock}, true
	}
	return codecOf(name)
}

// unsnappy reads the blocks of a stream. What ends within one is not whole, whatever the
// reader says of it.
func unsnappy(c *Coder) error {
	in := &ending{r: c}
	z := snappyReaders.Get().(*s2.Reader)
	defer snappyReaders.Put(z)
	z.Reset(in)
	err := c.copy(z)
	if err == nil {
		return nil
	}
	if in.ended {
		return io.ErrUnexpectedEOF
	}
	if says, ok := strings.CutPrefix(err.Error(), "s2: "); ok { // what the library calls itself
		return errors.New(says)
	}
	return err
}

// snappyReaders are used again: a stream may be a few bytes, and a body have thousands.
var snappyReaders = sync.Pool{New: func() any { return s2.NewReader(nil, s2.ReaderMaxBlockSize(snappyBlock)) }}

// ending notes that there was nothing left to read.
type ending struct {
	r     io.Reader
	ended bool
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.ended = e.ended || err == io.EOF
	return n, err
}
