package content

import (
	"encoding/binary"
	"fmt"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/window"
)

// letters is who gets what is in envelopes.
type letters interface {
	// chunk takes bytes.
	chunk(at window.Place, b []byte)
	// misses says that n bytes are missing, or, if n is negative, an unknown number.
	misses(at window.Place, n int64)
	// wrong says why no more comes out, and rest takes what is not understood then.
	wrong(off int64, f anomaly.Fault)
	rest(at window.Place, b []byte)
}

// envelopes takes a stream of bytes out of messages of gRPC whose field 1 carries it,
// as BuildKit's BytesMessage does. Nothing of it is held.
type envelopes struct {
	coding  string // of messages that are compressed
	account *budget.Account
	to      letters
	prefix  [prefixSize]byte
	nprefix int
	from    window.Place // of the message
	left    int64        // bytes of it that are still to come
	field   bytesField
	chain   *coding.Chain // not nil: the message is compressed
	now     window.Place  // of it, when its bytes came that are taken
	whole   int           // messages that have come
	broken  bool          // the rest is no messages
}

func (e *envelopes) write(at window.Place, b []byte) {
	for len(b) > 0 {
		n := int(min(int64(len(b)), e.left))
		switch {
		case e.left > 0:
			e.take(at, b[:n])
		case e.broken:
			e.to.rest(at, b)
			return
		default:
			n = e.begin(at, b)
		}
		at, b = at.Plus(n), b[n:]
		if e.nprefix == prefixSize && e.left == 0 && !e.broken {
			e.end()
		}
	}
}

// begin takes bytes of a prefix, and returns how many.
func (e *envelopes) begin(at window.Place, b []byte) int {
	if e.nprefix == 0 {
		e.from = at
	}
	n := copy(e.prefix[e.nprefix:], b)
	if e.nprefix += n; e.nprefix < prefixSize {
		return n
	}
	e.left = int64(binary.BigEndian.Uint32(e.prefix[1:]))
	switch flags := e.prefix[0]; {
	case flags&^grpcCompressed != 0:
		e.fail(at, anomaly.Fault{Code: anomaly.BadGRPC, Detail: fmt.Sprintf("% x", e.prefix)})
		e.left = 0
		e.to.rest(e.from, e.prefix[:])
	case flags == grpcCompressed:
		e.decompress(at)
	}
	return n
}

// decompress prepares for a message that is compressed.
func (e *envelopes) decompress(at window.Place) {
	f := anomaly.Fault{Code: anomaly.BadGRPC, Detail: "a message is compressed, and grpc-encoding is " + quoted(e.coding)}
	if known, coded := coding.Known(e.coding); known && coded {
		e.chain, f = coding.NewChain(e.coding, e.account, e)
	}
	if e.chain == nil {
		e.fail(at, f)
	}
}

// take takes bytes of a message.
func (e *envelopes) take(at window.Place, b []byte) {
	e.left -= int64(len(b))
	if e.broken {
		return
	}
	if e.now = (window.Place{Off: e.from.Off, Time: at.Time}); e.chain == nil {
		e.fields(at, b, true)
		return
	}
	if f := e.chain.Write(b); f.Code != "" {
		e.fail(at, f)
	}
}

// Decoded takes bytes of a message without its compression.
func (e *envelopes) Decoded(b []byte) { e.fields(e.now, b, false) }

// Behind is called for what stands behind a compressed message within it.
func (e *envelopes) Behind(f anomaly.Fault) { e.fail(e.now, f) }

// fields takes bytes of the fields of a message. Where they are compressed, they have
// no places of their own.
func (e *envelopes) fields(at window.Place, b []byte, placed bool) {
	for len(b) > 0 && !e.broken {
		data, n, ok := e.field.next(b)
		if !ok {
			e.malformed(at)
			return
		}
		if len(data) > 0 {
			e.to.chunk(at, data)
		}
		if b = b[n:]; placed {
			at = at.Plus(n)
		}
	}
}

// end is the end of a message.
func (e *envelopes) end() {
	if e.chain != nil {
		f := e.chain.Close(true)
		if e.chain = nil; f.Code != "" && !e.broken {
			e.fail(e.now, f)
		}
	}
	if !e.broken && !e.field.whole() {
		e.malformed(e.from)
	}
	e.nprefix, e.field = 0, bytesField{}
	e.whole++
}

func (e *envelopes) malformed(at window.Place) {
	e.fail(at, anomaly.Fault{Code: anomaly.BadGRPC, Detail: "a message that carries a connection is none of protocol buffers"})
}

// fail says that no more can be taken out. at is where that is seen.
func (e *envelopes) fail(at window.Place, f anomaly.Fault) {
	if e.broken {
		return
	}
	e.broken = true
	e.to.wrong(e.from.Off, f)
	e.to.misses(at, -1)
}

// stop ends what decompresses.
func (e *envelopes) stop() {
	if e.chain != nil {
		e.chain.Stop()
		e.chain = nil
	}
}

// close is the end of the stream.
func (e *envelopes) close() {
	e.stop()
	if e.nprefix > 0 && !e.broken {
		detail := "the body ended before the length of a message"
		if e.nprefix == prefixSize {
			detail = "the body ended within a message: " + anomaly.Missing(e.left, "it")
		}
		e.to.wrong(e.from.Off, anomaly.Fault{Code: anomaly.Incomplete, Detail: detail})
	}
}
