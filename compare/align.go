package compare

// Pair is an element of one sequence and the one of another that it is aligned with.
type Pair struct{ A, B int }

// maxAligned is how many pairs of elements are looked at for the best alignment: of longer
// sequences Align finds only what stands at the same distance from their beginnings or ends.
const maxAligned = 1 << 22

// Align returns the longest common subsequence of two sequences of n and m elements, of which
// alike says whether element i of the first is as element j of the second. It may be asked
// often for the same, and what it learns from one call must not change another.
func Align(n, m int, alike func(i, j int) bool) (all []Pair) {
	from := 0
	for from < n && from < m && alike(from, from) {
		all = append(all, Pair{from, from})
		from++
	}
	endN, endM := n, m
	var tail []Pair
	for endN > from && endM > from && alike(endN-1, endM-1) {
		endN, endM = endN-1, endM-1
		tail = append(tail, Pair{endN, endM})
	}
	all = append(all, middle(from, endN, endM, alike)...)
	for i := len(tail) - 1; i >= 0; i-- {
		all = append(all, tail[i])
	}
	return all
}

// middle aligns what is between from and the ends.
func middle(from, endN, endM int, alike func(i, j int) bool) (all []Pair) {
	rows, columns := endN-from, endM-from
	if rows == 0 || columns == 0 || rows > maxAligned/columns {
		return nil
	}
	// length[i*(columns+1)+j] is that of the best alignment of what begins at i and j.
	length := make([]int32, (rows+1)*(columns+1))
	same := make([]bool, rows*columns)
	for i := rows - 1; i >= 0; i-- {
		for j := columns - 1; j >= 0; j-- {
			at := i*(columns+1) + j
			if alike(from+i, from+j) {
				same[i*columns+j] = true
				length[at] = length[at+columns+2] + 1
			} else {
				length[at] = max(length[at+columns+1], length[at+1])
			}
		}
	}
	for i, j := 0, 0; i < rows && j < columns; {
		at := i*(columns+1) + j
		switch {
		case same[i*columns+j] && length[at] == length[at+columns+2]+1:
			all = append(all, Pair{from + i, from + j})
			i, j = i+1, j+1
		case length[at+columns+1] >= length[at+1]:
			i++
		default:
			j++
		}
	}
	return all
}
