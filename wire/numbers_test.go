package wire

import (
	"math/rand/v2"
	"testing"
)

// TestNumbersModel compares what is given with the rule written down plainly: a
// number may be claimed if nobody has it, it is not too far ahead, and not in a
// block of 64 that is 64 blocks behind, or more, that of the last.
func TestNumbersModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		var n Numbers
		used, last := map[int]bool{}, 0
		for range 3000 {
			id := last + rng.IntN(9000) - 8000
			switch rng.IntN(20) {
			case 0:
				id = last + 1<<30
			case 1:
				id = last + 1<<30 + 1
			case 2:
				id = last + 64*(rng.IntN(3)+1)
			case 3:
				id = (last/64 - 64) * 64 // the first number of the block that is too far behind
			case 4:
				id = (last/64 - 63) * 64
			}
			if last > 1<<40 {
				break
			}
			want := id
			if id <= 0 || used[id] || id > last+1<<30 || id/64 <= last/64-64 {
				want = last + 1
			}
			if got := n.Claim(id); got != want {
				t.Fatalf("claimed %d behind %d: got %d, want %d", id, last, got, want)
			}
			used[want] = true
			if last = max(last, want); n.Last() != last {
				t.Fatalf("the last is %d, want %d", n.Last(), last)
			}
		}
	}
}
