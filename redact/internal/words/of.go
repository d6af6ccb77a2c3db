package words

// Of returns what the name says.
func Of(name []byte) Meaning {
	if !May(name) {
		return 0
	}
	var s split
	s.cut(name)
	return s.meaning(name)
}

// Names says whether what is called so, among secrets, tells which one it is, such as
// its name or its type.
func Names(name []byte) bool {
	var s split
	s.cut(name)
	return s.n > 0 && kinds[string(s.word(s.n-1))]&naming != 0
}
