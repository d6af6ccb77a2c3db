package redact

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// maskMessage masks m, which is not empty, and returns what is shown instead,
// and names; nil names if there is nothing to mask. What has no borders of its
// own goes on from the message before: a secret may be cut.
func maskMessage(r *rules, s *connState, x *exchangeState, m *wire.Message) ([]byte, []string) {
	known := s.known(x, m.Exchange)
	switch name, all := hidden(s, x, m, known); {
	case all && m.Kind == wire.KindJSON:
		return mask.CoverJSON(r.Marks, m.Data, false, name)
	case all:
		return mask.Cover(r.Marks, m.Data, false, name)
	}
	switch m.Kind {
	case wire.KindJSON:
		data, names := s.walk.Mask(&r.Rules, m.Data, bodyNames[m.Dir&1], r.where(known, m.Dir), !m.Truncated)
		if names == nil && m.Index == 0 && !m.Truncated {
			x.clean[m.Dir&1] = digestOf(m.Data)
		}
		return data, names
	case wire.KindWebSocket:
		return x.stream(m).webSocket(r, &s.walk, m)
	}
	st := x.stream(m)
	data, names := st.mask(r, m, known, x.forms[m.Dir&1])
	st.settle(&s.account)
	return data, names
}

// hidden says whether all of m is masked, and by which name: what is typed,
// archives, what is not understood and known to carry secrets.
func hidden(s *connState, x *exchangeState, m *wire.Message, known dockerapi.Traits) (name string, is bool) {
	name = side(m.Dir)
	raw := m.Kind == wire.KindRaw
	if raw && m.Dir == wire.ToServer && m.Exchange == 0 {
		s.preface.take(m.Data)
	}
	switch {
	case s.carrier.hides(m.Dir):
		return streamName(m), true
	case known&dockerapi.Sealed != 0 && (x.upgraded || raw),
		s.preface.whole() && raw && m.Exchange == 0:
		return name + ".raw", true
	case m.Kind == wire.KindStdin,
		known&dockerapi.Input != 0 && m.Dir == wire.ToServer && isInput(m) && (x.upgraded || m.Exchange == 0):
		return name + ".stdin", true
	case m.Kind != wire.KindJSON && (known&dockerapi.Login != 0 || isData(s, m, known)):
		return name + ".body", true
	case x.upgraded || m.Kind == wire.KindJSON:
	case known&tarOf(m.Dir) != 0 && (raw || m.Dir == wire.ToServer):
		return name + ".body", true
	case raw && isTar(m.Data):
		x.traits |= tarOf(m.Dir)
		return name + ".body", true
	}
	return "", false
}

// isData says whether m, which is no JSON, may be a piece of a document with
// secrets. What comes behind all exchanges is not, unless the connection is in one.
func isData(s *connState, m *wire.Message, known dockerapi.Traits) bool {
	return known&dockerapi.Data != 0 && m.Dir == wire.ToServer && (m.Exchange != 0 || s.carrier != 0)
}

// isInput says whether m may be what is typed: control frames are not.
func isInput(m *wire.Message) bool {
	return m.Kind == wire.KindRaw || m.Kind == wire.KindWebSocket && m.Opcode < wire.OpClose
}
