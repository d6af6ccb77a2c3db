package render

import (
	"strconv"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// sameEnd is which part of the time that an exchange took its end may be behind its
// first byte to be the same for people.
const sameEnd = 20

// sum ends an exchange in short: by what the lines before do not tell, if there is
// any such thing.
//
//	= 367 ms · stdout 3 B
//	= client left after 4.9 s · 8 messages
//	= failed after 677.8 ms · 16 messages · no space left on device
func (t *text) sum(ev *wire.Exchange) {
	t.mark(&ev.Meta, '=', roleNote)
	t.sumNoAnswer(ev)
	t.sumStreams(ev)
	if code := ev.Outcome.Exit; code != nil {
		r := plain
		if *code != 0 {
			r = role4xx
		}
		t.item()
		t.own(r, "exit "+strconv.FormatInt(*code, 10))
	}
	if failedLate(ev) || givenUp(ev) {
		t.item()
		t.text(roleMessage, t.briefly(ev.Outcome.Error))
	}
	t.sumProblems(ev)
	if len(ev.Masked) > 0 {
		t.item()
		t.own(roleFaint, "masked")
		for i, m := range ev.Masked {
			if i > 0 {
				t.own(roleFaint, ",")
			}
			t.own(plain, " ")
			t.text(roleMasked, wire.MaskedPlace(m))
		}
	}
	rest := append(t.moved[:0], t.line...)
	t.moved, t.line = rest, t.line[:0]
	if t.ended(ev, len(rest) > 0) && len(rest) > 0 {
		t.item()
	}
	if t.line = append(t.line, rest...); len(t.line) > 0 {
		t.hang = 2
		t.end()
	}
}

// item separates what comes next from what is on the line.
func (t *text) item() {
	if len(t.line) > 0 {
		t.own(roleFaint, " · ")
	}
}

// ended begins the line with how long it all took, if that is known and new: either
// for itself, or because there is more to say, of what came behind the first byte.
// It returns whether it did.
func (t *text) ended(ev *wire.Exchange, more bool) bool {
	if ev.Request == nil || ev.Start.IsZero() || ev.End.IsZero() {
		return false
	}
	took, rest := ev.End.Sub(ev.Start), ev.End.Sub(ev.FirstByte)
	told := ev.Messages[wire.ToClient] > 0 && streams(ev, wire.ToClient) // by the last of them
	switch {
	case leaves(ev):
		t.own(roleFaint, "client left after ")
		t.duration(roleFaint, took)
		return true
	case failedLate(ev):
		t.own(roleAnomaly, "failed after ")
		t.duration(roleAnomaly, took)
		return true
	case ev.FirstByte.IsZero(): // nothing told when it came
	case more:
		more = rest > took/sameEnd
	default:
		more = rest >= lateEnd && !told
	}
	if more {
		t.duration(plain, took)
	}
	return more
}

// sumNoAnswer says that there was no response, if so.
func (t *text) sumNoAnswer(ev *wire.Exchange) {
	if ev.Response == nil {
		t.own(roleAnomaly, "no response")
	}
}

// sumStreams tells how much went through each stream, and of how many documents a
// stream of JSON was.
func (t *text) sumStreams(ev *wire.Exchange) {
	for k, s := range ev.Streams {
		if kind := wire.Kind(k); s.Frames == 0 || kind == wire.KindEntry || kind == wire.KindGRPC { // others tell of these
			continue
		}
		t.item()
		t.own(labelRole(wire.Kind(k)), labels[k])
		t.own(plain, " ")
		t.size(plain, s.Bytes)
	}
	if b := ev.ResponseBody; b != nil && b.Content == wire.KindJSON && ev.Messages[wire.ToClient] > 1 {
		t.item()
		n := ev.Messages[wire.ToClient]
		t.int(plain, n)
		what := "message"
		if isEvents(ev) {
			what = "event"
		}
		t.own(roleFaint, " "+plural.Word(n, what))
	}
}

// sumProblems tells how it ended, unless it is done, and how often its traffic broke
// a rule.
func (t *text) sumProblems(ev *wire.Exchange) {
	if brokeOff(ev) {
		t.item()
		t.own(roleAnomaly, ev.State.String())
	}
	for _, cut := range incomplete(ev) {
		t.item()
		t.own(roleAnomaly, cut)
	}
	if n := int64(len(ev.Anomalies)); n > 0 {
		t.item()
		t.own(roleAnomaly, plural.Of(n, "anomaly"))
	}
}

// incomplete tells which bodies ended too early, unless that is because the client left.
func incomplete(x *wire.Exchange) (told []string) {
	if x.Outcome.Left {
		return nil
	}
	for _, b := range [...]struct {
		what string
		body *wire.Body
	}{{"request", x.RequestBody}, {"answer", x.ResponseBody}} {
		if b.body != nil && !b.body.Complete {
			told = append(told, b.what+" incomplete, ended after "+Size(b.body.WireBytes))
		}
	}
	return told
}
