package tracetest

import (
	"bytes"
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// borderless says whether messages of kind k follow the reads they came in.
func borderless(k wire.Kind) bool {
	switch k {
	case wire.KindRaw, wire.KindText, wire.KindTerminal, wire.KindStdin:
		return true
	}
	return false
}

// Merge returns evs with adjacent messages of one stream made one where their
// borders are only those of the reads: raw, text, terminal and stdin. The
// result does not depend on how the bytes were cut if the decoder is right.
// evs and its events, which must be clones, are not changed.
func Merge(evs []wire.Event) []wire.Event {
	out := make([]wire.Event, 0, len(evs))
	var run *wire.Message // the last of out, if more can be merged into it
	owned := false        // run is a copy of ours
	for _, ev := range evs {
		m, ok := ev.(*wire.Message)
		if !ok || !borderless(m.Kind) {
			run = nil
			out = append(out, ev)
			continue
		}
		if run == nil || !sameStream(run, m) {
			run, owned = m, false
			out = append(out, m)
			continue
		}
		if !owned {
			c := *run
			c.Data, c.Masked = bytes.Clone(run.Data), slices.Clone(run.Masked)
			run, owned = &c, true
			out[len(out)-1] = run
		}
		extend(run, m)
	}
	return out
}

func sameStream(a, b *wire.Message) bool {
	return a.Kind == b.Kind && a.Name == b.Name && a.Dir == b.Dir && a.Exchange == b.Exchange && a.Conn == b.Conn
}

// extend appends m to run.
func extend(run, m *wire.Message) {
	run.Data = append(run.Data, m.Data...)
	run.Size += m.Size
	run.End = m.End
	run.Truncated = run.Truncated || m.Truncated
	for _, name := range m.Masked {
		if !slices.Contains(run.Masked, name) {
			run.Masked = append(run.Masked, name)
		}
	}
}
