package redact

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// message masks m. What has no borders of its own goes on from the message
// before: a secret may be cut.
func (r *Redactor) message(m *wire.Message) *wire.Message {
	if len(m.Data) == 0 {
		return m
	}
	s, x := r.at(&m.Meta)
	known := s.traitsAt(x, m.Exchange)
	var data []byte
	var names []string
	switch name, all := r.hidden(s, x, m, known); {
	case all:
		data, names = mask.Cover(r.marks, m.Data, false, name)
	case m.Kind == wire.KindJSON:
		data, names = r.maskJSON(&s.walk, m.Data, bodyNames[m.Dir&1], whereIn(known, m.Dir), !m.Truncated)
		if names == nil && m.Index == 0 && !m.Truncated {
			x.clean[m.Dir&1] = digestOf(m.Data)
		}
	case m.Kind == wire.KindWebSocket:
		data, names = r.webSocket(s, x.stream(m), m)
	default:
		data, names = r.stream(x.stream(m), m, known)
	}
	if names == nil {
		return m
	}
	r.note(x, names)
	c := *m
	c.Data, c.Masked = data, mask.Union(m.Masked, names)
	return &c
}

// streamNames are what the messages of each direction and kind go by.
var streamNames = func() (names [2][wire.KindCount + 1]string) {
	for dir := range names {
		for k := range wire.KindCount + 1 {
			names[dir][k] = side(wire.Dir(dir)) + "." + k.String()
		}
		names[dir][wire.KindText] = bodyNames[dir]
		names[dir][wire.KindJSON] = bodyNames[dir]
	}
	return names
}()

// bodyNames are what the bodies of each direction go by.
var bodyNames = [2]string{"request.body", "response.body"}

// hidden says whether all of m is masked, and by which name: what is typed,
// archives, what is not understood and known to carry secrets.
func (r *Redactor) hidden(s *connState, x *exchangeState, m *wire.Message, known traits) (name string, is bool) {
	name = side(m.Dir)
	if m.Kind == wire.KindRaw && m.Dir == wire.ToServer && m.Exchange == 0 {
		s.followPreface(m.Data)
	}
	switch {
	case known&traitSealed != 0 && (x.upgraded || m.Kind == wire.KindRaw),
		s.preface >= len(preface) && m.Kind == wire.KindRaw && m.Exchange == 0:
		return name + ".raw", true
	case m.Kind == wire.KindStdin,
		known&traitInput != 0 && m.Dir == wire.ToServer && isInput(m) && (x.upgraded || m.Exchange == 0):
		return name + ".stdin", true
	case m.Kind != wire.KindJSON && (known&traitLogin != 0 || known&traitData != 0 && m.Dir == wire.ToServer && m.Exchange != 0):
		return name + ".body", true
	case x.upgraded || m.Kind == wire.KindJSON:
	case known&tarOf(m.Dir) != 0 && (m.Kind == wire.KindRaw || m.Dir == wire.ToServer):
		return name + ".body", true
	case m.Kind == wire.KindRaw && isTar(m.Data):
		x.traits |= tarOf(m.Dir)
		return name + ".body", true
	}
	return "", false
}

// isInput says whether m may be what is typed: control frames are not.
func isInput(m *wire.Message) bool {
	return m.Kind == wire.KindRaw || m.Kind == wire.KindWebSocket && m.Opcode < wire.OpClose
}

// followPreface notes whether the client's raw bytes begin with the preface of
// HTTP/2.
func (s *connState) followPreface(b []byte) {
	if s.preface < 0 || s.preface >= len(preface) {
		return
	}
	if n := min(len(b), len(preface)-s.preface); chars.HasPrefixAt([]byte(preface), s.preface, string(b[:n])) {
		s.preface += n
	} else {
		s.preface = -1
	}
}

// whereIn returns what decides what is secret in JSON that travels in
// direction dir.
func whereIn(known traits, dir wire.Dir) where {
	return where{login: known&traitLogin != 0, data: known&traitData != 0, authz: known&traitAuthz != 0, pairs: known&traitPairs != 0 && dir == wire.ToServer}
}

// maskJSON masks a text of JSON values, which comes whole, but may be cut.
func (r *Redactor) maskJSON(w *walker, text []byte, name string, in where, last bool) ([]byte, []string) {
	w.start(r, name, in)
	out, names := w.next(text, last)
	w.release()
	return out, names
}

// stream masks the next piece of st.
func (r *Redactor) stream(st *stream, m *wire.Message, known traits) ([]byte, []string) {
	begun := st.begun
	st.begun = begun || len(bytes.TrimLeft(m.Data, " \t\r\n")) > 0
	name := streamNames[m.Dir&1][min(m.Kind, wire.KindCount)]
	var found mask.Spans
	switch m.Kind {
	case wire.KindText:
		if !begun && beginsJSON(m.Data) {
			st.walk = new(walker)
			st.walk.start(r, name, whereIn(known, m.Dir))
		}
		if st.walk != nil {
			return st.walk.next(m.Data, false)
		}
		if known&formOf(m.Dir) != 0 {
			if begun {
				return mask.Cover(r.marks, m.Data, false, name)
			}
			found = r.params(found, m.Data, 0, false, false, name)
		}
	case wire.KindRaw:
		found = r.rawLines(found, &st.lines, m.Data, name+".")
	}
	return st.forms.Mask(found, r.marks, m.Data, false, name)
}

// webSocket masks a WebSocket message that is not typed by somebody: JSON by
// key, other text and binary data by how secrets look.
func (r *Redactor) webSocket(s *connState, st *stream, m *wire.Message) ([]byte, []string) {
	name := streamNames[m.Dir&1][m.Kind]
	switch {
	case m.Opcode >= wire.OpClose:
		return form.Mask(nil, r.marks, m.Data, true, name)
	case beginsJSON(m.Data) && !st.begun:
		return r.maskJSON(&s.walk, m.Data, name, where{}, !m.Truncated)
	}
	st.begun = m.Truncated // a longer message goes on
	return st.forms.Mask(nil, r.marks, m.Data, false, name)
}

// reason masks a reason phrase. It may use the memory of s.
func (r *Redactor) reason(s *connState, text string) (string, []string) {
	s.scratch = append(s.scratch[:0], text...)
	if form.Index(s.scratch) < 0 {
		return text, nil
	}
	out, names := form.Mask(nil, r.marks, s.scratch, true, "response.reason")
	return string(out), names
}
