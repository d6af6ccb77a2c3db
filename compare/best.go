package compare

// Pair is an element of one sequence and the one of another that it is aligned with.
type Pair struct{ A, B int }

// best returns the best alignment of two sequences, of which it looks at all pairs.
func best(rows, columns int, alike func(i, j int) bool) (all []Pair) {
	// length[i*(columns+1)+j] is that of the best alignment of what begins at i and j.
	length := make([]int32, (rows+1)*(columns+1))
	same := make([]bool, rows*columns)
	for i := rows - 1; i >= 0; i-- {
		for j := columns - 1; j >= 0; j-- {
			at := i*(columns+1) + j
			if alike(i, j) {
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
			all = append(all, Pair{i, j})
			i, j = i+1, j+1
		case length[at+columns+1] >= length[at+1]:
			i++
		default:
			j++
		}
	}
	return all
}
