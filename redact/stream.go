package redact

import (
	"slices"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/loose"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// stream is what has no borders of its own, and goes on from one message to
// the next.
type stream struct {
	dir    wire.Dir
	kind   wire.Kind
	begun  bool
	forms  form.Matcher
	lines  text.Lines // of raw bytes
	parts  text.Parts
	form   params
	called string           // the part that came last
	walk   *jsonmask.Walker // of text that looks like JSON
	room   int              // charged for that
}

// usualRoom is how much memory a stream needs in any case, about, in bytes.
const usualRoom = 4 << 10

// settle charges what the walk needs until the next piece. What there is no memory
// for is masked.
func (st *stream) settle(a *memory.Account) {
	if st.walk == nil {
		return
	}
	n := max(st.walk.Pause()-usualRoom, 0)
	if n > st.room && !a.Take(n-st.room) {
		a.Missed(0)
		st.walk.Hide()
		n = 0
	}
	if n < st.room {
		a.Give(st.room - n)
	}
	st.room = n
}

// mask masks m, the next piece of st, which may be that of a form, or lines around
// parts.
func (st *stream) mask(r *rules, m *wire.Message, in jsonmask.Where, isForm, isParts bool) ([]byte, []string) {
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
		st.lines.Prose = !isParts || m.Name != ""
		found = st.loose(r, found, m, name, isParts)
	case wire.KindRaw:
		found = st.loose(r, found, m, name, isParts)
	}
	return st.forms.Mask(found, r.Marks, m.Data, false, name)
}

// loose adds the secrets in the next piece of what may be anything. Of parts that were
// told apart none goes on with the one before.
func (st *stream) loose(r *rules, found mask.Spans, m *wire.Message, name string, isParts bool) mask.Spans {
	if isParts && (m.Name != st.called || chars.HasFoldAt(m.Data, 0, "content-")) {
		st.lines, st.called = text.Lines{Prose: st.lines.Prose}, m.Name
	}
	st.parts.Headed = !isParts
	found = st.parts.Find(&r.Rules, found, m.Data, name+".")
	found = st.form.find(r, found, m.Data, name)
	return st.lines.Find(&r.Rules, found, m.Data, name+".")
}

// webSocket masks a WebSocket message that is not typed by somebody: JSON by
// key, other text and binary data as lines and by how secrets look.
func (st *stream) webSocket(r *rules, m *wire.Message) ([]byte, []string) {
	name := streamName(m)
	if m.Opcode >= wire.OpClose {
		f := loose.Finder{Rules: &r.Rules, Label: name, Ended: !m.Truncated}
		return f.Find(nil, m.Data).Mask(m.Data)
	}
	var found mask.Spans
	if jsonmask.Begins(m.Data) && !st.begun {
		walk := jsonmask.Borrow()
		found = slices.Clone(walk.Find(&r.Rules, m.Data, name, jsonmask.Where{}, !m.Truncated))
		broken := walk.Broken()
		if walk.Return(); !broken {
			return found.Mask(m.Data)
		}
	}
	st.begun = m.Truncated // a longer message goes on
	st.lines.Prose = true
	found = st.lines.Find(&r.Rules, found, m.Data, name+".")
	return st.forms.Mask(found, r.Marks, m.Data, false, name)
}
