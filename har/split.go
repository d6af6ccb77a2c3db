package har

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// parts calls emit for the messages that a decoder would have made of the parts of
// b, whose type is t: of a part of its own type, JSON and text are told apart, and no
// more. It reports false if b is not in parts.
func parts(b *wire.Body, t media.Type, emit func(*wire.Message)) bool {
	is, _ := t.InParts(b.Data, true)
	if !is {
		return false
	}
	s := media.NewSplitter(t)
	p := partTaker{body: b, emit: emit}
	s.Write(&p, b.Data)
	s.Close(&p)
	p.end()
	return true
}

// partTaker makes a message of each part.
type partTaker struct {
	body *wire.Body
	emit func(*wire.Message)
	n    int // messages
	part media.Part
	at   int64
	data []byte
}

// Part begins a part.
func (p *partTaker) Part(next media.Part) {
	if next.Role == media.Frame || next.More {
		p.part.Role = next.Role
		return
	}
	p.end()
	p.part = next
}

// Data takes bytes of a part.
func (p *partTaker) Data(off int64, b []byte) {
	if p.part.Role == media.Frame {
		return
	}
	if len(p.data) == 0 {
		p.at = off
	}
	p.data = append(p.data, b...)
}

// end tells the part that has ended.
func (p *partTaker) end() {
	data := p.data
	p.data = nil
	if len(data) == 0 {
		return
	}
	if p.part.Type.IsJSON() {
		data = bytes.Trim(data, jsontext.Separators)
	}
	m := part(p.body, int(p.at), data, contentOf(p.part.Type.Media, data))
	switch m.Kind {
	case wire.KindBinary, wire.KindParts:
		m.Kind = wire.KindRaw
	}
	m.Name, m.Index = p.part.Name, p.n
	p.n++
	p.emit(m)
}
