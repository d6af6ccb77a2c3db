package redact

import "strings"

// http2Preface is how a client begins to speak HTTP/2 (RFC 9113, section 3.4).
const http2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// prefaceState follows whether the raw bytes of a client begin with it.
type prefaceState struct {
	size  int  // how much of it they began with
	other bool // they began with something else
}

// take takes the next of these bytes.
func (p *prefaceState) take(b []byte) {
	if p.other || p.whole() {
		return
	}
	n := min(len(b), len(http2Preface)-p.size)
	if p.other = !strings.HasPrefix(http2Preface[p.size:], string(b[:n])); !p.other {
		p.size += n
	}
}

// whole says whether all of it came.
func (p *prefaceState) whole() bool { return p.size == len(http2Preface) }
