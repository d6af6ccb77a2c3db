package http2

import (
	"math/rand/v2"
	"testing"
)

// TestOpened adds, finds and removes streams as a map does, in an order in which many
// have the same place.
func TestOpened(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var o opened
	want := map[uint32]*exchange{}
	for n := range 5000 {
		stream := r.Uint32N(200)
		x := o.get(stream)
		if x != want[stream] {
			t.Fatalf("step %d: stream %d: got %p, want %p", n, stream, x, want[stream])
		}
		if x == nil {
			x = &exchange{stream: stream}
			x.Number = n
			o.add(x)
			want[stream] = x
		} else {
			o.remove(x)
			delete(want, stream)
		}
		if o.n != len(want) {
			t.Fatalf("step %d: there are %d, want %d", n, o.n, len(want))
		}
	}
	before := 0
	for _, x := range o.inOrder() {
		if want[x.stream] != x || x.Number <= before {
			t.Errorf("exchange %d of stream %d behind %d", x.Number, x.stream, before)
		}
		before = x.Number
		delete(want, x.stream)
	}
	if len(want) != 0 {
		t.Errorf("%d are left out", len(want))
	}
}
