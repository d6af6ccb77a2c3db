package decode

import (
	"bytes"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/decode/internal/proxyproto"
	"github.com/socktrace/socktrace/decode/internal/socks"
	"github.com/socktrace/socktrace/decode/internal/tls"
	"github.com/socktrace/socktrace/wire"
)

const (
	// longLine is how much of a line without an end is believed to be the
	// beginning of a request.
	longLine = 4 << 10
	// longMethod is more than the longest registered method has.
	longMethod = 32
)

// Recognize tells what the first bytes of a direction are, of which there may be
// few, to know whether a connection is worth decoding and who is its client: the
// beginning of a request line with a version (RFC 9112, section 3; the preface of
// HTTP/2 looks like one, RFC 9113, section 3.4), of a status line, both also where
// they are odd, of what a server of HTTP/2 says first, of a hello of TLS, or something else. What
// carries a connection shows by what is behind it.
func Recognize(b []byte) wire.Opening {
	for range maxDepth {
		inside, may := behindProxy(b)
		if may {
			return wire.OpensUnclear
		} else if inside == nil {
			break
		}
		b = inside
	}
	switch tls.Recognize(b) {
	case tls.Client:
		return wire.OpensRequest
	case tls.Server:
		return wire.OpensResponse
	case tls.TooFew:
		return wire.OpensUnclear
	}
	o := opening(b)
	if whole, may := http2.IsSettings(b); o == wire.OpensNothing && (whole || may) {
		return wire.OpensGreeting
	}
	if o == wire.OpensNothing {
		return late(b)
	}
	return o
}

// late is Recognize for what may be in the middle of HTTP/2. Few frames are enough if
// they are whole, as peers send them.
func late(b []byte) wire.Opening {
	switch looks := http2.IsLate(b, false); {
	case looks == content.No:
		return wire.OpensNothing
	case looks == content.TooFew && !http2.AreWhole(b):
		return wire.OpensUnclear
	}
	if dir, ok := http2.Sender(b); ok && dir == wire.ToServer {
		return wire.OpensRequest
	} else if ok {
		return wire.OpensResponse
	}
	return wire.OpensGreeting
}

func opening(b []byte) wire.Opening {
	b = bytes.TrimLeft(b, "\r\n") // as servers do (RFC 9112, section 2.2)
	switch http1.Answers(b) {
	case content.TooFew:
		return wire.OpensUnclear
	case content.Yes:
		return wire.OpensResponse
	}
	method := 0
	for method < len(b) && wire.IsTokenChar(b[method]) {
		method++
	}
	switch {
	case method > longMethod, method == 0:
		return wire.OpensNothing
	case method == len(b):
		return wire.OpensUnclear
	case b[method] != ' ' && b[method] != '\t':
		return wire.OpensNothing
	}
	line, _, ended := bytes.Cut(b, []byte("\n"))
	if !ended {
		if bytes.ContainsFunc(line, isControl) {
			return wire.OpensNothing
		}
		if len(line) >= longLine {
			return wire.OpensRequest
		}
		return wire.OpensUnclear
	}
	line = bytes.TrimRight(line, "\r ")
	version := line[max(len(line)-len(" HTTP/1.1"), 0):]
	if bytes.HasPrefix(version, []byte(" HTTP/")) && version[7] == '.' || http1.Asks(string(line)) {
		return wire.OpensRequest
	}
	return wire.OpensNothing
}

// behindProxy returns what stands behind what a proxy tells, or is told, with which
// b begins: nil if b does not, or, if more may tell, and true.
func behindProxy(b []byte) (inside []byte, may bool) {
	if len(b) == 0 || !opensProxy[b[0]] {
		return nil, false
	}
	switch h, may := proxyproto.Parse(b); {
	case h.Size > 0 && h.Size < len(b):
		return b[h.Size:], false
	case h.Size > 0 || may:
		return nil, true
	}
	return socks.Behind(b)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' && r != '\r' }
