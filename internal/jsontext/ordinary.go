package jsontext

// Ordinary returns how many bytes at the start of b may stand within a string as
// they are: all up to a quote, a backslash or a control character (RFC 8259,
// section 7).
func Ordinary(b []byte) int {
	n := plainRun(b)
	for n < len(b) && b[n] >= 0x7f {
		n++
		n += plainRun(b[n:])
	}
	return n
}
