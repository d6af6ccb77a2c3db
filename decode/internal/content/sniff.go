package content

import (
	"unicode/utf8"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// sniffer holds back the first bytes of a body or stream until there are enough
// of them to see what it is, and then passes them on.
type sniffer struct {
	need   int // decide sees at most so many bytes
	decide func(b []byte, end bool) verdict
	make   func(wire.Kind) Content
	held
}

// verdict is what bytes turned out to be.
type verdict struct {
	known  bool
	kind   wire.Kind
	reason string
}

// sniffText is how many bytes of a body of unknown type are looked at.
const sniffText = 16

// NewBody decodes a body whose type says nothing: it is JSON by its first byte,
// text by the absence of control characters, or binary. json makes what decodes
// JSON.
func NewBody(json func() Content) Content {
	return &sniffer{need: sniffText, decide: decideBody, make: func(k wire.Kind) Content {
		switch k {
		case wire.KindJSON:
			return json()
		case wire.KindText:
			return NewText()
		}
		return nil
	}}
}

// NewStream decodes the output of a container, which comes in frames or raw from
// a terminal: the header of the first frame tells.
func NewStream(l Limits) Content {
	return &sniffer{need: frameHeader, decide: decideStream, make: func(k wire.Kind) Content {
		switch k {
		case wire.KindMultiplexed:
			return NewMultiplexed(l)
		case wire.KindTerminal:
			return NewTerminal()
		}
		return nil
	}}
}

func (s *sniffer) Write(out Out, at window.Place, b []byte) {
	for i := range b {
		s.add(at.Plus(i), b[i:i+1])
		if v := s.decide(s.b, len(s.b) >= s.need); v.known {
			if next := s.become(out, v); next != nil && i+1 < len(b) {
				next.Write(out, at.Plus(i+1), b[i+1:])
			}
			return
		}
	}
}

func (s *sniffer) Close(out Out, how End) {
	if next := s.become(out, s.decide(s.b, true)); next != nil {
		next.Close(out, how)
	}
}

// become hands the bytes held back to what v asks for, and returns what has the
// place of the content then.
func (s *sniffer) become(out Out, v verdict) Content {
	if v.kind != wire.KindNone {
		out.Found(v.kind, v.reason)
	}
	return s.handTo(out, s.make(v.kind))
}

// decideBody tells what a body without a useful type is.
func decideBody(b []byte, end bool) verdict {
	for len(b) > 0 && jsontext.IsSeparator(b[0]) {
		b = b[1:]
	}
	json, certain := jsontext.Begins(b)
	switch {
	case json && certain:
		return verdict{known: true, kind: wire.KindJSON}
	case !Plain(b):
		return verdict{known: true, kind: wire.KindBinary}
	case end:
		return verdict{known: true, kind: wire.KindText}
	}
	return verdict{}
}

// Plain reports whether b may be the beginning of a text.
func Plain(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b || c == 0x7f {
			return false
		}
	}
	whole, _ := jsontext.TrimPartial(b)
	return utf8.Valid(whole)
}

// decideStream tells frames from a terminal's output.
func decideStream(b []byte, end bool) verdict {
	terminal := verdict{known: true, kind: wire.KindTerminal, reason: "sniffed"}
	switch {
	case len(b) == 0:
		return verdict{known: true}
	case !isFrame(b):
		return terminal
	case len(b) >= frameHeader:
		return verdict{known: true, kind: wire.KindMultiplexed, reason: "sniffed"}
	case end:
		return terminal
	}
	return verdict{}
}
