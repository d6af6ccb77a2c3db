package wire

import (
	"math/rand/v2"
	"testing"
)

func TestUnion(t *testing.T) {
	lines := Needs{Lines: true, Body: 10, Concurrent: true}
	bodies := Needs{Messages: true, Body: 20, Digest: true, Keeps: true, Concurrent: true}
	want := Needs{Lines: true, Messages: true, Body: 20, Digest: true, Keeps: true, Concurrent: true}
	if got := lines.Union(bodies); got != want || bodies.Union(lines) != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, all := range []Needs{{Fields: true}, {Sizes: true}, {Lines: true, Fields: true, Sizes: true, Messages: true, Body: 1, Digest: true, Keeps: true}} {
		if all.Union(Needs{}) != all || (Needs{}).Union(all) != all {
			t.Errorf("%+v is not all of itself and nothing", all)
		}
	}
	if lines.Union(Needs{}).Concurrent {
		t.Error("concurrent, although one is not")
	}
}

func TestNumbers(t *testing.T) {
	var n Numbers
	for _, step := range []struct{ claim, want int }{
		{0, 1}, {5, 5}, {3, 3}, {3, 6}, {5, 7}, {0, 8}, {2, 2}, {-1, 9}, {70, 70}, {69, 69}, {70, 71},
		{5000, 5000}, {71, 5001}, {4999, 4999}, {4999, 5002}, {1 << 60, 5003},
	} {
		got := 0
		if step.claim == 0 {
			got = n.Next()
		} else {
			got = n.Claim(step.claim)
		}
		if got != step.want {
			t.Errorf("claimed %d, got %d, want %d", step.claim, got, step.want)
		}
	}
	if got := n.Claim(0); got != 5004 {
		t.Errorf("claimed 0, got %d", got)
	}
	if n.Last() != 5004 {
		t.Errorf("last %d", n.Last())
	}
}

// TestNumbersOnce gives no number twice, whoever asks.
func TestNumbersOnce(t *testing.T) {
	var n Numbers
	rng := rand.New(rand.NewPCG(1, 2))
	seen := make(map[int]bool)
	for range 100_000 {
		id := n.Claim(n.Last() + rng.IntN(6000) - 5900)
		if rng.IntN(2) == 0 {
			seen[id], id = true, n.Next()
		}
		if seen[id] {
			t.Fatalf("%d was given twice", id)
		}
		seen[id] = true
	}
}

// TestDataBytes: what HPACK makes of few bytes counts as what it is.
func TestDataBytes(t *testing.T) {
	r := &Request{HeadBytes: 10}
	for range 1000 {
		r.Fields = append(r.Fields, Field{Name: "name", Value: string(make([]byte, 4000))})
	}
	if n := DataBytes(r); n < 4_000_000 {
		t.Errorf("%d bytes", n)
	}
	if n := DataBytes(&Message{Data: []byte("abc"), Name: "de"}); n != 5 {
		t.Errorf("a message counts as %d", n)
	}
	line := &Request{Fields: []Field{{Name: "a", Value: "b", Line: "a: b"}}}
	if n := DataBytes(line); n != perField+4 {
		t.Errorf("a line counts as %d", n)
	}
}
