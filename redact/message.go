package redact

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/wire"
)

// maskMessage masks m, which is not empty, and returns what is shown instead,
// and names; nil names if there is nothing to mask. What has no borders of its
// own goes on from the message before: a secret may be cut.
func maskMessage(r *rules, s *connState, x *exchangeState, m *wire.Message) ([]byte, []string) {
	if m.Kind == wire.KindRaw && m.Dir == wire.ToServer && m.Exchange == 0 {
		s.listen(m.Data)
	}
	known := s.known(x, m.Exchange)
	x.listed[m.Dir&1] = x.listed[m.Dir&1] || m.Kind == wire.KindEntry
	switch name, all := hidden(s, x, m, known); {
	case all && m.Kind.IsJSON():
		return mask.CoverJSON(r.Marks, m.Data, false, name)
	case all && m.Kind == wire.KindWebSocket && m.Opcode == wire.OpClose:
		return coverReason(r, m.Data, name)
	case all:
		return mask.Cover(r.Marks, m.Data, false, name)
	}
	if m.Name != "" && m.Kind <= wire.KindText && isSecret(r, m.Name, m.Data) {
		return coverPart(r, m)
	}
	switch m.Kind {
	case wire.KindJSON, wire.KindGRPC, wire.KindEntry:
		s.args.ofMessage(r, m)
		in := r.where(x.asked, known, m.Dir)
		in.Values = s.args.values
		if in.Whole = wholeIn(m); m.Kind != wire.KindJSON {
			in.Maybe = false // it is nothing of Docker's
			in.Texts = true
			in.Unknown = m.Kind == wire.KindGRPC && (known&dockerapi.Data != 0 || m.Type != "" && (known&dockerapi.Sealed != 0 || sealedMembers[m.Type] != nil))
		}
		if x.recipe != nil && m.Type == packetType {
			if f, piece := x.recipe.text(m); f != nil {
				return maskRecipe(r, f, piece, m, in)
			}
		}
		data, names := jsonmask.Mask(&r.Rules, m.Data, bodyNames[m.Dir&1], in, !m.Truncated)
		if names == nil && m.Index == 0 && !m.Truncated {
			x.clean[m.Dir&1] = digestOf(m.Data)
		}
		return data, names
	case wire.KindWebSocket:
		return x.stream(m).webSocket(r, m)
	}
	if x.isFile(m) {
		return maskFile(r, r.where(x.asked, known, m.Dir), m)
	}
	st := x.stream(m)
	data, names := st.mask(r, m, r.where(x.asked, known, m.Dir), x.forms[m.Dir&1] && m.Name == "", x.types[m.Dir&1].Boundary != "")
	st.settle(&s.account)
	return data, names
}

// coverPart masks m, a field whose name says that it is a secret.
func coverPart(r *rules, m *wire.Message) ([]byte, []string) {
	label := name.Join(bodyNames[m.Dir&1], []byte(m.Name))
	if m.Kind.IsJSON() {
		return mask.CoverJSON(r.Marks, m.Data, !m.Truncated, label)
	}
	return mask.Cover(r.Marks, m.Data, false, label)
}

// hidden says whether all of m is masked, and by which name: what is typed,
// archives but their lists, what is not understood and known to carry secrets.
func hidden(s *connState, x *exchangeState, m *wire.Message, known dockerapi.Traits) (name string, is bool) {
	name = side(m.Dir)
	raw := m.Kind == wire.KindRaw
	switch {
	case isCall(m, s.carrier):
		return "", false
	case s.carrier.hides(m.Dir):
		return streamName(m), true
	case known&dockerapi.Sealed != 0 && (x.upgraded || raw),
		s.preface.whole() && raw && m.Exchange == 0:
		return name + ".raw", true
	case m.Kind == wire.KindStdin, isTyped(m, known):
		return name + ".stdin", true
	case m.Kind.IsJSON() && known&dockerapi.Hidden != 0 && m.Dir == wire.ToServer:
		return name + ".body", true
	case m.Kind.IsJSON():
		return "", false
	case hidesBody(known, m.Dir):
		return name + ".body", true
	case raw && m.Dir == wire.ToClient && (known&dockerapi.Progress != 0 || trace.In(m.Data)):
		x.traits |= dockerapi.Progress
		return name + ".body", true
	case x.upgraded, x.isFile(m):
	case known&tarOf(m.Dir) != 0 && (raw || m.Dir == wire.ToServer):
		return name + ".body", true
	case raw && isTar(m.Data):
		x.traits |= tarOf(m.Dir)
		return name + ".body", true
	}
	return "", false
}

// isTyped says whether m may be what somebody types: all that a client sends where it
// types, but the document before that, if there is one.
func isTyped(m *wire.Message, known dockerapi.Traits) bool {
	return known&dockerapi.Input != 0 && m.Dir == wire.ToServer &&
		(!m.Kind.IsJSON() || m.Index > 0 || known&dockerapi.Hidden != 0)
}

// coverReason masks what a WebSocket is closed with, but for the status code (RFC 6455,
// section 5.5.1).
func coverReason(r *rules, data []byte, name string) ([]byte, []string) {
	const code = 2
	found := mask.Spans(nil).Piece(data, min(code, len(data)), len(data), name)
	return found.Mask(data)
}
