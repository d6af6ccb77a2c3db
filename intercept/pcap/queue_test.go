package pcap

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// put inserts a segment of n bytes.
func (q *queue) put(seq uint32, n int) {
	piece, i := q.find(seq, n)
	q.insert(piece, i, held{seq: seq, data: make([]byte, n)})
}

// orders are in which segments may come.
var orders = map[string]func(n int) []int{
	"forward":  func(n int) []int { return count(n) },
	"backward": func(n int) []int { all := count(n); slices.Reverse(all); return all },
	"shuffled": func(n int) []int { return rand.New(rand.NewPCG(1, 1)).Perm(n) },
	"halves":   func(n int) []int { return append(count(n)[n/2:], count(n)[:n/2]...) },
	"zigzag": func(n int) (all []int) {
		for i := range n / 2 {
			all = append(all, i, n-1-i)
		}
		return all
	},
}

func count(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestQueue puts segments in, in several orders, and takes some out meanwhile. What
// comes out is sorted, and no piece is so long that moving it costs more with more
// segments.
func TestQueue(t *testing.T) {
	const first = 1<<32 - 3000 // numbers wrap
	for name, order := range orders {
		var q queue
		var got, want []string
		show := func(seq uint32, n int) string { return fmt.Sprintf("%d+%d", seq-first, n) }
		for i, k := range order(6000) {
			seq, n := uint32(first+k/2), 1+k%2 // two of each number
			q.put(seq, n)
			if i%1000 == 999 {
				s := q.pop()
				got = append(got, show(s.seq, len(s.data)))
			}
			for _, p := range q.pieces {
				if len(p) == 0 || len(p) > maxPiece {
					t.Fatalf("%s: a piece of %d", name, len(p))
				}
			}
		}
		taken := len(got)
		if most := 2 + 2*q.n/maxPiece; len(q.pieces) > most+taken {
			t.Errorf("%s: %d segments in %d pieces", name, q.n, len(q.pieces))
		}
		for q.n > 0 {
			if q.first().seq != q.pieces[0][0].seq || q.at(q.find(q.first().seq, 0)) != q.first() {
				t.Fatalf("%s: the first is not found", name)
			}
			s := q.pop()
			got = append(got, show(s.seq, len(s.data)))
		}
		for k := range 6000 {
			want = append(want, show(uint32(first+k/2), 1+k%2))
		}
		slices.Sort(want)
		sorted := slices.Clone(got)
		slices.Sort(sorted)
		if !slices.Equal(sorted, want) || q.pieces != nil {
			t.Errorf("%s: some segments are missing, or too many", name)
		}
		var seq, n uint32
		for _, s := range got[taken:] {
			before, size := seq, n
			fmt.Sscanf(s, "%d+%d", &seq, &n)
			if seq < before || seq == before && n < size {
				t.Fatalf("%s: %s comes behind %d+%d", name, s, before, size)
			}
		}
		if at := q.at(q.find(1, 1)); at != nil {
			t.Errorf("%s: %v is in an empty queue", name, at)
		}
	}
}

// BenchmarkDisorder is what a packet of a connection costs that waits with many
// others for the first.
func BenchmarkDisorder(b *testing.B) {
	for name, order := range orders {
		for _, n := range []int{2_000, 200_000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				all := order(n)
				var packets []pkt
				for _, i := range all {
					packets = append(packets, pkt{dir: '<', seq: 19 + 20 + i*10, data: "0123456789", ack: 18, at: 10})
				}
				file := rawFile(frames(begun(packets...)))
				b.ReportAllocs()
				for b.Loop() {
					read(b, file)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/packet")
			})
		}
	}
}
