package redact

import (
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// stream is what has no borders of its own, and goes on from one message to
// the next.
type stream struct {
	dir   wire.Dir
	kind  wire.Kind
	begun bool
	forms form.Matcher
	lines text.Lines       // of raw bytes
	walk  *jsonmask.Walker // of text that looks like JSON
}

// mask masks m, the next piece of st, which may be that of a form.
func (st *stream) mask(r *rules, m *wire.Message, in jsonmask.Where, isForm bool) ([]byte, []string) {
	begun := st.begun
	st.begun = begun || jsontext.Space(m.Data, 0) < len(m.Data)
	name := streamName(m)
	var found mask.Spans
	switch m.Kind {
	case wire.KindText:
		if !begun && jsonmask.Begins(m.Data) {
			st.walk = new(jsonmask.Walker)
			st.walk.Start(&r.Rules, name, in)
		}
		if st.walk != nil {
			return st.walk.Next(m.Data, false)
		}
		if isForm {
			if begun {
				return mask.Cover(r.Marks, m.Data, false, name)
			}
			found = query.Params(&r.Rules, found, m.Data, 0, false, false, name)
		}
		st.lines.Prose = true
		found = st.lines.Find(&r.Rules, found, m.Data, name+".")
	case wire.KindRaw:
		found = st.lines.Find(&r.Rules, found, m.Data, name+".")
	}
	return st.forms.Mask(found, r.Marks, m.Data, false, name)
}

// webSocket masks a WebSocket message that is not typed by somebody: JSON by
// key, other text and binary data by how secrets look. It may use walk.
func (st *stream) webSocket(r *rules, walk *jsonmask.Walker, m *wire.Message) ([]byte, []string) {
	name := streamName(m)
	switch {
	case m.Opcode >= wire.OpClose:
		return form.Mask(nil, r.Marks, m.Data, true, name)
	case jsonmask.Begins(m.Data) && !st.begun:
		return walk.Mask(&r.Rules, m.Data, name, jsonmask.Where{}, !m.Truncated)
	}
	st.begun = m.Truncated // a longer message goes on
	return st.forms.Mask(nil, r.Marks, m.Data, false, name)
}
