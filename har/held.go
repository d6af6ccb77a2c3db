package har

import (
	"maps"
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// maxHeld bounds what is known of exchanges of which a part was read, and the last
// was not, in bytes.
const maxHeld = 64 << 20

// hold keeps what tell tells of an exchange that goes on, for its end.
func (f *file) hold(l *link, n int, p *progress, tell *telling) {
	f.release(l, n, p)
	if l.held == nil {
		l.held = make(map[int]*progress)
	}
	l.held[n] = p
	tell.messages = nil
	p.last, p.size = tell, sizeOf(tell.x)
	if f.held += p.size; f.held <= maxHeld {
		return
	}
	for _, l := range f.links.order {
		for range l.held {
			f.fixes.add(endedEarly)
		}
		f.finish(l)
	}
}

// release takes p from those that are held, if it is one.
func (f *file) release(l *link, n int, p *progress) {
	f.held -= p.size
	p.size = 0
	delete(l.held, n)
}

// finish ends what is held of a connection.
func (f *file) finish(l *link) {
	for _, n := range slices.Sorted(maps.Keys(l.held)) {
		p := l.held[n]
		f.release(l, n, p)
		f.tell(l, p.last, p, true)
	}
}

// sizeOf returns about how much memory an exchange takes.
func sizeOf(x *wire.Exchange) int {
	const rest = 4 << 10
	n := rest
	for _, b := range []*wire.Body{x.RequestBody, x.ResponseBody} {
		if b != nil {
			n += len(b.Data) + sizeOfFields(b.Trailer)
		}
	}
	for _, r := range append([]*wire.Response{x.Response}, x.Interim...) {
		if r != nil {
			n += len(r.Reason) + sizeOfFields(r.Fields)
		}
	}
	if q := x.Request; q != nil {
		n += len(q.Target) + sizeOfFields(q.Fields)
	}
	for _, a := range x.Anomalies {
		n += perObject + len(a.Detail)
	}
	return n
}

func sizeOfFields(fields []wire.Field) (n int) {
	for i := range fields {
		f := &fields[i]
		n += perObject + len(f.Name) + len(f.Value) + len(f.Line)
	}
	return n
}
