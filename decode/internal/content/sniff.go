package content

import (
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// sniffer holds back the first bytes of a body or stream until there are enough
// of them to see what it is, and then passes them on, in the pieces they came in.
type sniffer struct {
	judge
	looked int // how many bytes were looked at
	held
}

// judge says what bytes are.
type judge interface {
	// decide tells what b begins; end says that there will be no more to look at.
	decide(b []byte, end bool) verdict
	// make returns what decodes that.
	make(verdict) Content
}

// verdict is what bytes turned out to be.
type verdict struct {
	known   bool
	kind    wire.Kind
	reason  string
	charset media.Charset // what the bytes are in, if not in UTF-8
	skip    int           // bytes that only mark the charset
	lead    int           // bytes behind them that are text, before JSON
	packed  string        // what an archive is compressed in
	fault   anomaly.Fault
}

// How many bytes are looked at: of a body, to see whether it is text; more where its
// type says that it is none; and of anything.
const (
	sniffText   = 16
	sniffBinary = maxSniff
	maxSniff    = 512
)

// nextLook returns how many bytes are looked at next. It is always the same
// numbers, so that what is found does not depend on how bytes were cut, and few of
// them, so that it takes no long time.
func nextLook(looked int) int {
	if looked < sniffText {
		return looked + 1
	}
	return min(looked+looked/2, maxSniff)
}

func (s *sniffer) Write(out Out, at window.Place, b []byte) {
	seen := b
	if len(s.Bytes()) > 0 {
		seen = append(s.Bytes()[:len(s.Bytes()):len(s.Bytes())], b[:min(len(b), maxSniff)]...)
	}
	for {
		n := nextLook(s.looked)
		if n > len(seen) {
			break
		}
		s.looked = n
		if v := s.decide(seen[:n], n == maxSniff); v.known || n == maxSniff {
			s.become(out, v, at, b)
			return
		}
	}
	s.Add(at, b)
}

func (s *sniffer) Close(out Out, how End) {
	if next := s.become(out, s.decide(s.Bytes(), true), window.Place{}, nil); next != nil {
		next.Close(out, how)
	}
}

// Gap lets what is there be what it seems to be.
func (s *sniffer) Gap(out Out, at window.Place, n int64) {
	if next := s.become(out, s.decide(s.Bytes(), true), window.Place{}, nil); next != nil {
		PassGap(out, next, at, n)
	} else {
		out.Become(NewRaw())
	}
}

// become hands the bytes held back, and b, to what v asks for, and returns what has
// the place of the content then.
func (s *sniffer) become(out Out, v verdict, at window.Place, b []byte) Content {
	from := at
	if len(s.Bytes()) > 0 {
		from = s.First()
	}
	if v.fault.Code != "" {
		out.Anomaly(from.Off, v.fault.Code, v.fault.Detail)
	}
	if v.kind != wire.KindNone {
		out.Found(v.kind, v.reason)
	}
	h := handover{skip: v.skip, lead: v.lead, to: place{out, s.make(v)}}
	out.Become(h.to.Content)
	s.Release(h.write)
	if len(b) > 0 {
		h.write(at, b)
	}
	return h.to.Content
}

// handover gives bytes to what was chosen for them.
type handover struct {
	skip int     // bytes that are left out
	lead int     // bytes behind them that are text
	text Content // gets that; nil: nothing has
	to   place
}

// write gives it b; false says that nobody wants to know more.
func (h *handover) write(at window.Place, b []byte) bool {
	n := min(h.skip, len(b))
	h.skip -= n
	at, b = at.Plus(n), b[n:]
	if n = min(h.lead, len(b)); n > 0 {
		if h.text == nil {
			h.text = newText(true)
		}
		h.text.Write(h.to.Out, at, b[:n])
		if h.lead -= n; h.lead == 0 {
			h.text.Close(h.to.Out, Ended)
		}
		at, b = at.Plus(n), b[n:]
	}
	if len(b) > 0 && h.to.Content != nil {
		h.to.Write(&h.to, at, b)
	}
	return h.to.Content != nil
}

// quoteByte returns the first byte of b in quotes.
func quoteByte(b []byte) string { return strconv.QuoteRune(rune(b[0])) }

// Plain reports whether b may be the beginning of a text.
func Plain(b []byte) bool { return media.IsPlain(b) }
