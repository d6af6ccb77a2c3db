package redact

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// prefaceState follows whether the raw bytes of a client begin with the preface of
// HTTP/2.
type prefaceState struct {
	size  int  // how much of it they began with
	other bool // they began with something else
}

// take takes the next of these bytes.
func (p *prefaceState) take(b []byte) {
	if p.other || p.whole() {
		return
	}
	n := min(len(b), len(wire.HTTP2Preface)-p.size)
	if p.other = !strings.HasPrefix(wire.HTTP2Preface[p.size:], string(b[:n])); !p.other {
		p.size += n
	}
}

// whole says whether all of it came.
func (p *prefaceState) whole() bool { return p.size == len(wire.HTTP2Preface) }
