package markup

// columns returns how many columns a table has.
func columns(head []Text, rows [][]Text) int {
	most := len(head)
	for _, row := range rows {
		most = max(most, len(row))
	}
	return most
}

// widened returns a row with as many cells as a table has columns.
func widened(row []Text, columns int) []Text {
	return append(row[:len(row):len(row)], make([]Text, columns-len(row))...)
}
