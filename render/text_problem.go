package render

import (
	"github.com/socktrace/socktrace/wire"

	"github.com/socktrace/socktrace/internal/plural"
)

// anomaly adds which rule was broken and where.
func (p *page) anomaly(ev *wire.Anomaly) {
	p.text(roleAnomaly, ev.Code)
	if ev.Code != wire.FaultOnPurpose {
		p.position(ev)
	}
	if ev.Detail != "" {
		p.own(plain, ": ")
		p.text(plain, ev.Detail)
	}
	switch {
	case ev.Lost > 0:
		p.own(plain, " (")
		p.size(plain, ev.Lost)
		p.own(plain, " not captured)")
	case ev.Lost < 0:
		p.own(plain, " (unknown number of bytes not captured)")
	}
}

// position adds where it stands.
func (p *page) position(ev *wire.Anomaly) {
	p.own(roleFaint, " at byte ")
	p.int(plain, ev.Off)
	if ev.Dir == wire.ToServer {
		p.own(roleFaint, " from client")
	} else {
		p.own(roleFaint, " from server")
	}
}

// dropped adds how much is not shown here, or is not in the recording.
func (p *page) dropped(ev *wire.Dropped) {
	what, fate, output := "event", " not shown", "this output"
	if ev.Entries {
		what = "entry"
	}
	if ev.Recorded {
		fate, output = " not recorded", "the recording"
	}
	p.int(roleAnomaly, ev.Events)
	p.own(roleAnomaly, " "+plural.Word(ev.Events, what)+fate)
	p.own(plain, ", ")
	p.size(plain, ev.Bytes)
	p.own(plain, " of data: "+output+" was too slow")
}
