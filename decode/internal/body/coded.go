package body

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/media"
)

// removeCodings prepares to remove the codings of the body. A body with one that is
// not known is taken as it was sent, by its content.
func (b *Body) removeCodings(list string) {
	switch known, coded := coding.Known(list); {
	case !known:
		b.Anomaly(b.event.Off, anomaly.BadCoding, list+": no such coding is known, or there are too many")
		b.distrust()
	case coded:
		b.try(list)
	}
}

// mayHide reports whether a body that begins with c may be in a coding of which
// nothing is said. Of an archive, and of what is no text by its type, that is its own affair.
func (b *Body) mayHide(c byte) bool {
	return (c == 0x1f || c == 0x28) && b.exchange.shape(b.dir) != dockerapi.Tar && b.trial == nil && b.chain == nil && b.isTextual()
}

// try begins to remove the codings of list; none says that the bytes tell.
func (b *Body) try(list string) {
	b.trial = &trial{list: list, hides: list == ""}
	b.coded = true
}

// tryOn takes bytes of a body that is on trial.
func (b *Body) tryOn(at window.Place, p []byte) {
	room := b.hold(len(p))
	b.trial.sent.Add(at, p)
	if b.chain == nil {
		b.inspect(false)
	}
	b.hear()
	switch {
	case room || b.trial == nil:
	case b.chain == nil:
		b.refuse("")
	default:
		b.accept()
	}
}

// inspect looks at how the body begins as it was sent.
func (b *Body) inspect(end bool) {
	t := b.trial
	if t.hides && t.list == "" {
		name, known := coding.Unlabelled(t.sent.Bytes())
		if !known && !end {
			return
		}
		t.list = name
	}
	switch t.looks = coding.LookAt(t.list, t.sent.Bytes(), end); t.looks {
	case coding.TooFew:
	case coding.No:
		b.refuse("the body is not coded")
	default:
		b.begin()
	}
}

// begin decodes from the beginning what was sent so far.
func (b *Body) begin() {
	t := b.trial
	t.fed, t.plain = 0, window.Held{}
	var f anomaly.Fault
	if b.chain, f = coding.NewChain(t.list, b.exchange.env.Account, b); b.chain == nil {
		b.Anomaly(b.event.Off, f.Code, f.Detail)
		b.refuse("")
	}
}

// hear decodes what was sent and was not decoded, in such pieces that the judgement
// does not depend on how it was cut.
func (b *Body) hear() {
	t := b.trial
	if t == nil || b.chain == nil {
		return
	}
	for b.chain != nil && t.fed < len(t.sent.Bytes()) {
		at, n := t.sent.At(t.fed)
		switch {
		case b.trial == nil:
		case t.looks == coding.Maybe:
			n = 1
		default:
			n = min(n, max(1, maxTrial-t.fed))
		}
		p := t.sent.Bytes()[t.fed : t.fed+n]
		t.fed += n
		b.now = at.Time
		if f := b.chain.Write(p); b.trial != nil {
			b.judge(f, false)
		} else {
			b.failed(f)
		}
	}
}

// judge decides whether the body has its codings, behind another piece, whose fault
// is f.
func (b *Body) judge(f anomaly.Fault, end bool) {
	t := b.trial
	out := t.plain.Bytes()
	whole, _ := jsontext.TrimPartial(out)
	text := t.looks == coding.Yes || len(whole) > 0 && media.IsPlain(out)
	switch {
	case f.Code == anomaly.BadCoding && (len(out) == 0 || !text):
		b.refuse(f.Detail)
		return
	case f.Code != "", end, t.fed >= maxTrial:
	case len(out) < sure, !text && t.fed < maxDoubted:
		return
	}
	if b.hidesMore() {
		b.chain.Stop()
		name, _ := coding.Unlabelled(out)
		t.list, t.hides = name+", "+t.list, true
		b.begin()
		return
	}
	b.accept()
	b.failed(f)
}

// endTrial decides at the end of the body.
func (b *Body) endTrial(complete bool) {
	for b.trial != nil {
		t := b.trial
		switch {
		case len(t.sent.Bytes()) == 0:
			b.accept()
			return
		case b.chain == nil:
			b.inspect(true)
			b.hear()
			continue
		}
		b.now = b.event.End
		f := b.chain.Close(complete)
		if b.trial == nil { // what came out last has decided
			b.failed(f)
			return
		}
		if !complete && f.Code == "" && len(t.plain.Bytes()) == 0 {
			b.refuse("") // where it broke off is told
			return
		}
		b.judge(f, true)
		b.hear()
	}
}
