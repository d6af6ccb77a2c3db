package content

import (
	"bytes"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// pieces passes bytes on as they come, in messages of one kind: raw bytes,
// text, a terminal.
type pieces struct {
	kind wire.Kind
	part bool         // of a body: it does not show otherwise what is no text, and counts as one
	sent bool         // something of it was
	held []byte       // beginning of a UTF-8 sequence, up to 3 bytes
	from window.Place // of held
	to   window.Place
}

// NewRaw passes bytes on that nothing is known of.
func NewRaw() Content { return &pieces{kind: wire.KindRaw} }

// newText passes on text, which is all of a body or a part of one.
func newText(part bool) Content { return &pieces{kind: wire.KindText, part: part} }

// NewTerminal passes on the output of a terminal.
func NewTerminal() Content { return &pieces{kind: wire.KindTerminal} }

// NewStdin passes on the input of a container.
func NewStdin() Content { return &pieces{kind: wire.KindStdin} }

func (p *pieces) Write(out Out, at window.Place, b []byte) {
	if p.kind == wire.KindRaw {
		p.send(out, at, at.Plus(len(b)-1), b)
		return
	}
	if i := bytes.IndexByte(b, 0); i >= 0 && p.kind == wire.KindText {
		// Text has no NUL: this is an archive under a wrong label.
		if i > 0 {
			p.Write(out, at, b[:i])
		}
		p.Close(out, Cut)
		p.binary(out, at.Plus(i), b[i:])
		return
	}
	from := at
	if len(p.held) > 0 {
		from = p.from
		b = append(p.held, b...)
	}
	whole, part := jsontext.TrimPartial(b)
	n := len(whole)
	if n > 0 {
		to := p.to
		if n > len(p.held) {
			to = at.Plus(n - 1 - len(p.held))
		}
		p.send(out, from, to, whole)
	}
	if len(part) == 0 {
		p.held = nil
		return
	}
	if n > 0 || len(p.held) == 0 {
		p.from = at.Plus(n - len(p.held))
	}
	p.to = at.Plus(len(b) - 1 - len(p.held))
	p.held = bytes.Clone(part)
}

// binary lets what begins with b be binary.
func (p *pieces) binary(out Out, at window.Place, b []byte) {
	out.Found(wire.KindBinary, "")
	if !p.part {
		out.Become(nil)
		return
	}
	rest := new(beginning)
	out.Become(rest)
	rest.Write(out, at, b)
}

func (p *pieces) send(out Out, from, to window.Place, b []byte) {
	out.Send(Unit{Kind: p.kind, From: from, To: to, Data: b, Size: int64(len(b)), Again: p.sent})
	p.sent = p.part
}

func (p *pieces) Close(out Out, _ End) {
	if len(p.held) > 0 {
		p.send(out, p.from, p.to, p.held)
		p.held = nil
	}
}

func (p *pieces) Gap(out Out, _ window.Place, _ int64) { p.Close(out, Cut) }
