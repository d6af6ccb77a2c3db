package lanes

import (
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// own returns ev, or, since its memory is only borrowed, a copy of a Message, in memory
// that is used again when the round is.
func (w *work) own(ev wire.Event) wire.Event {
	m, ok := ev.(*wire.Message)
	if !ok {
		return ev
	}
	w.messages = append(w.messages, *m) // those before may stay in another array
	c := &w.messages[len(w.messages)-1]
	if m.Data != nil {
		c.Data = w.copy(m.Data)
	}
	return c
}

// copy returns a copy of data.
func (w *work) copy(data []byte) []byte {
	n := len(data)
	if n > maxSpare/4 {
		return slices.Clone(data)
	}
	if n > cap(w.data)-len(w.data) {
		w.data = make([]byte, 0, min(max(2*cap(w.data), 4<<10, n), maxSpare))
	}
	w.data = append(w.data, data...)
	return w.data[len(w.data)-n : len(w.data) : len(w.data)]
}
