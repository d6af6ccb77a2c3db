package render

import (
	"strconv"

	"github.com/socktrace/socktrace/wire"
)

// hold keeps an answer, and the prefix of its line.
func (t *text) hold(ev *wire.Response, x *wire.Exchange) {
	h := &t.held
	h.is, h.in, h.status, h.reason, h.took = true, t.at, ev.Status, ev.Reason, -1
	h.prefix, h.before = append(h.prefix[:0], t.prefix...), t.before
	if x != nil && x.Request != nil && !x.Start.IsZero() && !ev.End.IsZero() {
		h.took = ev.End.Sub(x.Start)
	}
}

// release shows the line that is held.
func (t *text) release() {
	t.answer("")
	t.end()
}

// answer begins the line that is held. What became of the connection stands in
// place of the reason, which is another way to say so.
func (t *text) answer(became string) {
	h := &t.held
	h.is = false
	t.prefix, t.before, t.hang = append(t.prefix[:0], h.prefix...), h.before, 2
	r := statusRole(h.status)
	t.own(r, strconv.Itoa(h.status))
	switch {
	case became != "":
		t.own(plain, " ")
		t.text(plain, became)
	case h.reason != "":
		t.own(plain, " ")
		t.text(r, h.reason)
	}
	if h.took >= 0 {
		t.own(roleFaint, " · ")
		t.duration(plain, h.took)
	}
}
