package lanes

import "github.com/socktrace/socktrace/wire"

// lane is a goroutine that decodes some of the connections.
type lane struct {
	all    *Lanes
	number int
	in     chan *round
	done   int64 // all of its operations below this are done; guarded by Lanes.mu

	work  *work // of the round
	tap   *tap  // of the operation
	now   int64 // number of the operation
	items int   // there were so many before it
	floor bool  // all before it has been told: it tells by itself
}

// maxHeld bounds what all lanes hold of a round before it is told, in bytes: some chunks
// hold a thousand times as much, compressed. A lane that has more than its part has the rest
// of its work in the round told one by one.
const maxHeld = 4 << 20

// perItem is about what is held of something to be told beside its bytes.
const perItem = 128

// run does what comes, until there is nothing more.
func (l *lane) run() {
	defer l.all.ended.Done()
	for r := range l.in {
		w := &r.work[l.number]
		l.work = w
		for _, i := range w.mine {
			l.do(r.first+int64(i), &r.operations[i])
		}
		l.publish(r.first + int64(len(r.operations)))
	}
}

// do does an operation.
func (l *lane) do(number int64, op *operation) {
	l.tap, l.now, l.items, l.floor = op.tap, number, len(l.work.items), false
	if scarce := l.all.o.Scarce; scarce != nil && scarce() {
		l.await()
	}
	switch t := op.tap; op.kind {
	case begin:
		t.decoder = l.all.o.Decode(t.conn, t, t.take)
	case handshake:
		if d, ok := t.decoder.(wire.TLSTap); ok {
			d.TLS(op.tls)
		}
	case chunk:
		t.decoder.Chunk(op.chunk)
	case end:
		t.decoder.End(op.chunk.Time, op.err)
		t.decoder = nil
	}
	l.work.ends = append(l.work.ends, len(l.work.items))
}

// await waits for the turn of what the lane is doing, and tells what that has come to
// itself. From then on, until it is done, it has the floor.
func (l *lane) await() {
	if l.floor {
		return
	}
	l.publish(l.now)
	l.all.await(l.now)
	l.floor = true
	w := l.work
	for i := l.items; i < len(w.items); i++ {
		l.all.tellItem(l.tap, &w.items[i])
	}
	clear(w.items[l.items:])
	w.items = w.items[:l.items]
}

// publish lets the teller know what has come of all operations of the lane before n.
func (l *lane) publish(n int64) {
	l.all.mu.Lock()
	defer l.all.mu.Unlock()
	l.done = n
	l.work.published = l.work.results
	l.all.moved.Broadcast()
}
