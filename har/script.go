package har

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// step is an event, and when it is told.
type step struct {
	at        time.Time
	ev        wire.Event
	documents bool       // of the body that ev is are told before it
	typ       media.Type // of that
}

// script puts the events of an entry in order: that of their times, and at one
// time that in which they are added. Within a direction no event comes before
// an earlier one, whatever the times say.
type script struct {
	steps []step
	least [2]time.Time
}

func (s *script) add(ev wire.Event) { s.addWith(ev, false, media.Type{}) }

func (s *script) addWith(ev wire.Event, documents bool, t media.Type) {
	m := ev.EventMeta()
	d := m.Dir & 1
	at := later(m.End, s.least[d])
	switch ev.(type) {
	case *wire.Anomaly:
	case *wire.Request, *wire.Upgrade:
		// Nothing of the other direction comes before them either: what a
		// client sends early waits for the upgrade.
		s.least = [2]time.Time{later(at, s.least[0]), later(at, s.least[1])}
	default:
		s.least[d] = at
	}
	s.steps = append(s.steps, step{at, ev, documents, t})
}

func (s *script) messages(all []*wire.Message) {
	for _, m := range all {
		s.add(m)
	}
}

// body adds b, whose type is t, and before it the messages that the file does not
// tell because they are in it.
func (s *script) body(b *wire.Body, p *progress, t media.Type) {
	if b == nil || p.bodies[b.Dir&1] {
		return
	}
	p.bodies[b.Dir&1] = true
	if p.messages[b.Dir&1] && b.Content == wire.KindJSON {
		s.lead(b)
	}
	s.addWith(b, !p.messages[b.Dir&1], t)
}

// lead adds the text before the JSON of b, if there is any, to the messages of b,
// which have been added.
func (s *script) lead(b *wire.Body) {
	n := leadSize(b.Data)
	i := slices.IndexFunc(s.steps, func(st step) bool {
		m, ok := st.ev.(*wire.Message)
		return ok && m.Dir == b.Dir
	})
	if n == 0 || i < 0 {
		return
	}
	m := part(b, 0, b.Data[:n], wire.KindText)
	m.End = m.Start
	s.steps = slices.Insert(s.steps, i, step{at: s.steps[i].at, ev: m})
}
