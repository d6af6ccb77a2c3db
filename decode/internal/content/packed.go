package content

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/window"
)

// packed gives what an archive is without its compression to what lists it. The body
// is what it was: compressed.
type packed struct {
	format string
	limits Limits
	chain  *coding.Chain // nil before the first byte
	inside nested
	size   int64 // of what came out
	out    Out   // during a call
	at     window.Place
	ended  bool // what comes out now is no part of it
}

// newPacked returns what unpacks format for c.
func newPacked(format string, l Limits, c Content) *packed {
	return &packed{format: format, limits: l, inside: nested{content: c, all: true, fixed: true}}
}

func (p *packed) Write(out Out, at window.Place, b []byte) {
	p.out, p.at = out, at
	if p.chain == nil {
		p.inside.off = at.Off
		var f anomaly.Fault
		if p.chain, f = coding.Unpack(p.format, p.limits.Account, p); p.chain == nil {
			out.Anomaly(at.Off, f.Code, f.Detail)
			out.Become(nil)
			return
		}
	}
	if f := p.chain.Write(b); f.Code != "" && !p.over() {
		out.Anomaly(p.inside.off, f.Code, f.Detail)
		p.inside.close(out, Cut)
	}
	if p.over() {
		p.Close(out, Ended)
		out.Become(nil)
	}
}

// over reports whether nobody looks at what comes out now: what is wrong with it is not
// told, since it would not be looked for if it came later.
func (p *packed) over() bool { return p.inside.content == nil || p.ended }

// Decoded takes bytes of the archive.
func (p *packed) Decoded(b []byte) {
	if !p.over() {
		p.inside.write(p.out, window.Place{Off: p.size, Time: p.at.Time}, b)
		p.size += int64(len(b))
	}
}

// Behind tells that what follows is not compressed: it is no part of the archive.
func (p *packed) Behind(f anomaly.Fault) {
	if p.over() {
		return
	}
	p.ended = true
	p.out.Anomaly(p.inside.off, f.Code, f.Detail)
}

func (p *packed) Close(out Out, how End) {
	p.out = out
	if p.chain != nil && p.inside.content != nil {
		if f := p.chain.Close(how == Ended); f.Code != "" {
			out.Anomaly(p.inside.off, f.Code, f.Detail)
			how = Cut
		}
	}
	p.inside.close(out, how)
	if p.chain != nil {
		p.chain.Stop()
	}
}
