package compare

import (
	"slices"
	"sort"
)

// maxSplits is how often what is between anchors is taken apart once more.
const maxSplits = 16

// aligner aligns two sequences, of which numbers stand for the keys.
type aligner struct {
	a, b  []int // nil if they have no keys
	left  int   // pairs that may still be looked at
	alike func(i, j int) bool
	all   []Pair // so far
}

// span aligns what is from one place to another of both.
func (g *aligner) span(fromA, endA, fromB, endB, splits int) {
	for fromA < endA && fromB < endB && g.alike(fromA, fromB) {
		g.all = append(g.all, Pair{fromA, fromB})
		fromA, fromB = fromA+1, fromB+1
	}
	tail := 0
	for fromA < endA && fromB < endB && g.alike(endA-1, endB-1) {
		endA, endB, tail = endA-1, endB-1, tail+1
	}
	g.within(fromA, endA, fromB, endB, splits)
	for i := range tail {
		g.all = append(g.all, Pair{endA + i, endB + i})
	}
}

// within aligns what neither begins nor ends alike.
func (g *aligner) within(fromA, endA, fromB, endB, splits int) {
	rows, columns := endA-fromA, endB-fromB
	if rows == 0 || columns == 0 {
		return
	}
	if rows <= g.left/columns {
		g.left -= rows * columns
		for _, p := range best(rows, columns, func(i, j int) bool { return g.alike(fromA+i, fromB+j) }) {
			g.all = append(g.all, Pair{fromA + p.A, fromB + p.B})
		}
		return
	}
	if g.a == nil {
		return
	}
	anchors := g.anchors(fromA, endA, fromB, endB, splits < maxSplits)
	if splits >= maxSplits {
		g.all = append(g.all, anchors...)
		return
	}
	if len(anchors) == 0 {
		g.within(fromA, endA, fromB, endB, maxSplits)
		return
	}
	for _, p := range anchors {
		g.span(fromA, p.A, fromB, p.B, splits+1)
		g.all = append(g.all, p)
		fromA, fromB = p.A+1, p.B+1
	}
	g.span(fromA, endA, fromB, endB, splits+1)
}

// anchors returns pairs of equal keys: the first of each with the first of the other, and so on,
// or only those of keys that are there once. Of those that cross each other it keeps most.
func (g *aligner) anchors(fromA, endA, fromB, endB int, once bool) []Pair {
	inA, inB := places(g.a, fromA, endA), places(g.b, fromB, endB)
	var all []Pair
	nth := make(map[int]int)
	for i := fromA; i < endA; i++ {
		k := g.a[i]
		if once && (len(inA[k]) != 1 || len(inB[k]) != 1) {
			continue
		}
		if n := nth[k]; n < len(inB[k]) && g.alike(i, inB[k][n]) {
			all = append(all, Pair{i, inB[k][n]})
		}
		nth[k]++
	}
	return rising(all)
}

// places returns where each number stands, in order.
func places(numbers []int, from, end int) map[int][]int {
	all := make(map[int][]int)
	for i := from; i < end; i++ {
		all[numbers[i]] = append(all[numbers[i]], i)
	}
	return all
}

// rising returns the longest part of pairs, which rise in A, that rises in B too.
func rising(pairs []Pair) []Pair {
	before := make([]int, len(pairs)) // the pair that each follows
	var ends []int                    // by length, the pair with the least B that ends as many
	for i, p := range pairs {
		at := sort.Search(len(ends), func(k int) bool { return pairs[ends[k]].B >= p.B })
		before[i] = -1
		if at > 0 {
			before[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		} else {
			ends[at] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	var all []Pair
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		all = append(all, pairs[i])
	}
	slices.Reverse(all)
	return all
}
