package render

import (
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/wire"
)

// exchange sums up an exchange in one line.
func (t *text) exchange(ev *wire.Exchange) {
	t.endings.note(ev)
	if t.short() {
		t.sum(ev)
		return
	}
	t.mark(&ev.Meta, '=', roleNote)
	t.outcome(ev)
	if ev.Request != nil && ev.Request.Call.Operation != "" {
		t.own(plain, " ")
		t.text(roleOperation, ev.Request.Call.Operation)
	}
	t.times(ev)
	if ev.Request != nil {
		t.traffic("  sent ", ev.Request.HeadBytes, ev.RequestBody)
	}
	if ev.Response != nil {
		t.traffic("  received ", headBytes(ev), ev.ResponseBody)
	}
	t.streams(&ev.Streams)
	t.problems(ev)
	t.masked(ev.Masked)
	t.end()
}

// masked adds what was masked.
func (t *text) masked(names []string) {
	for i, m := range names {
		if i == 0 {
			t.own(roleFaint, "  masked")
		}
		t.own(plain, " ")
		t.text(roleMasked, m)
	}
}

// outcome adds the status, or that there was no response.
func (p *page) outcome(ev *wire.Exchange) {
	if ev.Response == nil {
		p.own(roleAnomaly, "no response")
		return
	}
	p.int(statusRole(ev.Response.Status), int64(ev.Response.Status))
}

// headBytes returns the size of all heads that answered the request.
func headBytes(ev *wire.Exchange) int64 {
	n := ev.Response.HeadBytes
	for _, r := range ev.Interim {
		n += r.HeadBytes
	}
	return n
}

// times adds how long the exchange took, and until its first byte came back.
func (t *text) times(ev *wire.Exchange) {
	if ev.Start.IsZero() || ev.End.IsZero() {
		return
	}
	t.own(plain, "  ")
	t.duration(plain, ev.End.Sub(ev.Start))
	if !ev.FirstByte.IsZero() {
		t.own(roleFaint, " (first byte ")
		t.duration(roleFaint, ev.FirstByte.Sub(ev.Start))
		t.own(roleFaint, ")")
	}
}

// traffic adds the bytes of one side: head + body as sent, and the content if
// framing or a coding made that another number.
func (t *text) traffic(verb string, head int64, body *wire.Body) {
	t.own(roleFaint, verb)
	if body == nil || body.WireBytes == 0 {
		t.size(plain, head)
		return
	}
	if head < units.ExactBelow && body.WireBytes < units.ExactBelow {
		t.int(plain, head)
	} else {
		t.size(plain, head)
	}
	t.own(plain, "+")
	t.size(plain, body.WireBytes)
	if body.Coding == "" && body.Bytes != body.WireBytes {
		t.own(roleFaint, " (content ")
		t.size(roleFaint, body.Bytes)
		t.own(roleFaint, ")")
	}
	t.coding(body)
}

// coding adds which content codings a body had, and its size without them.
func (t *text) coding(body *wire.Body) {
	if body == nil || body.Coding == "" {
		return
	}
	t.own(roleFaint, " (")
	t.text(roleFaint, body.Coding)
	t.own(roleFaint, " → ")
	t.size(roleFaint, body.Bytes)
	t.own(roleFaint, ")")
}

// streams adds what went through each stream. Streams without frames have only bytes:
// how often they were read says nothing.
func (t *text) streams(stats *[wire.KindCount]wire.StreamStat) {
	for k, s := range stats {
		kind := wire.Kind(k)
		if s.Frames == 0 || kind == wire.KindEntry { // the body's sum tells these
			continue
		}
		t.own(plain, "  ")
		t.own(labelRole(kind), labels[kind])
		t.own(plain, " ")
		if kind.Framed() {
			unit := "frame"
			if kind == wire.KindWebSocket {
				unit = "message"
			}
			t.int(plain, s.Frames)
			t.own(roleFaint, " "+plural.Word(s.Frames, unit)+" ")
		}
		t.size(plain, s.Bytes)
	}
}

// problems adds how the exchange ended, unless it is done, and how often its
// traffic broke a rule.
func (t *text) problems(ev *wire.Exchange) {
	switch {
	case leaves(ev):
		t.own(plain, "  ")
		t.own(roleFaint, "client left")
	case failedLate(ev):
		t.own(plain, "  ")
		t.own(roleAnomaly, "failed: ")
		t.text(roleMessage, ev.Outcome.Error)
	case givenUp(ev):
		t.own(plain, "  ")
		t.text(roleMessage, ev.Outcome.Error)
	}
	if brokeOff(ev) {
		t.own(plain, "  ")
		t.own(roleAnomaly, ev.State.String())
	}
	for _, cut := range incomplete(ev) {
		t.own(plain, "  ")
		t.own(roleAnomaly, cut)
	}
	if n := int64(len(ev.Anomalies)); n > 0 {
		t.own(plain, "  ")
		t.own(roleAnomaly, plural.Of(n, "anomaly"))
	}
}
