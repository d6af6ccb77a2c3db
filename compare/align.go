package compare

// maxAligned is how many pairs of elements are looked at for the best alignment: of longer
// sequences Align finds only what stands at the same distance from their beginnings or ends.
const maxAligned = 1 << 22

// Align returns the longest common subsequence of two sequences of n and m elements, of which
// alike says whether element i of the first is as element j of the second. It may be asked
// often for the same, and what it learns from one call must not change another.
func Align(n, m int, alike func(i, j int) bool) []Pair {
	g := &aligner{left: maxAligned, alike: alike}
	g.span(0, n, 0, m, 0)
	return g.all
}

// AlignKeys aligns two sequences of which the elements have keys: of what means the same they are
// mostly equal. alike is as for Align; nil if the keys alone decide. It takes about as long as
// there are elements, and most pairs of others: what both have once is found first (patience), what
// is between is aligned as Align does it, and what is too long for that by the order of equal keys.
func AlignKeys(a, b []string, most int, alike func(i, j int) bool) []Pair {
	numbers := make(map[string]int)
	number := func(keys []string) []int {
		all := make([]int, len(keys))
		for i, k := range keys {
			n, ok := numbers[k]
			if !ok {
				n = len(numbers)
				numbers[k] = n
			}
			all[i] = n
		}
		return all
	}
	g := &aligner{a: number(a), b: number(b), left: min(most, maxAligned), alike: alike}
	if alike == nil {
		g.alike = func(i, j int) bool { return g.a[i] == g.b[j] }
	}
	g.span(0, len(a), 0, len(b), 0)
	return g.all
}
