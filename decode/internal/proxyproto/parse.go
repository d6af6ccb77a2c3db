package proxyproto

// Parse reads the header that b begins with. may says that b is too short to tell,
// and that is all that keeps it from being one. What is told of b is true of all
// that begins with it.
func Parse(b []byte) (h Header, may bool) {
	if len(b) == 0 {
		return h, true
	}
	if b[0] == signature[0] {
		return parseBinary(b)
	}
	return parseLine(b)
}
