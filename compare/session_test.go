package compare

import (
	"math/rand/v2"
	"testing"
)

// TestLearned: what is counted is what is known, whatever was learned, forgotten and named.
func TestLearned(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	names := []string{"job-1", "job-2", "job-3", "sad_curie", "happy_bohr"}
	most := 0
	for range 300 {
		s := New()
		marks := []int{s.Mark()}
		for range 40 {
			a, b := names[r.IntN(len(names))], names[r.IntN(len(names))]
			switch r.IntN(5) {
			case 0:
				s.Same(a, b)
			case 1:
				s.Undo(marks[len(marks)-1])
				marks = marks[:max(1, len(marks)-1)]
			case 2:
				marks = append(marks, s.Mark())
			default:
				s.pair(a, b)
			}
			want := 0
			for a, b := range s.toB {
				if a != b {
					want++
				}
			}
			if got := s.Learned(); got != want {
				t.Fatalf("got %d, want %d: %v", got, want, s.toB)
			}
			most = max(most, want)
		}
	}
	if most < 3 {
		t.Error("the test is void")
	}
}
