// Package shortid has the ids of Docker's objects as people know them: the first twelve of the
// hexadecimal digits of 32 bytes.
package shortid

import "strings"

const (
	// Digits is how many an id has.
	Digits = 64
	// Shown is how many of them people see.
	Shown = 12
)

// Of returns an id as people know it, without the name of its hash, and what is none as it is.
func Of(s string) string {
	digits := strings.TrimPrefix(s, "sha256:")
	if len(digits) == Digits && run(digits) == Digits {
		return digits[:Shown]
	}
	return s
}

// Next returns where the next id in s begins, from i on, or -1.
func Next[S ~string | ~[]byte](s S, i int) int {
	for ; len(s)-i >= Digits; i++ {
		n := run(s[i:])
		if n == Digits {
			return i
		}
		i += n
	}
	return -1
}

// run returns how many hexadecimal digits s begins with.
func run[S ~string | ~[]byte](s S) (n int) {
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] >= 'a' && s[n] <= 'f') {
		n++
	}
	return n
}

// Append appends s with so many digits of each id in it, and a mark for the others.
func Append[S ~string | ~[]byte](dst []byte, s S, digits int, mark string) []byte {
	from := 0
	for at := Next(s, 0); at >= 0; at = Next(s, from) {
		dst = append(append(dst, s[from:at+digits]...), mark...)
		from = at + Digits
	}
	return append(dst, s[from:]...)
}

// Cut returns s with each id in it in short, and marked. It may be s.
func Cut(s []byte, mark string) []byte {
	if Next(s, 0) < 0 {
		return s
	}
	return Append(nil, s, Shown, mark)
}

// CutString is Cut of a string.
func CutString(s, mark string) string {
	if Next(s, 0) < 0 {
		return s
	}
	return string(Append(nil, s, Shown, mark))
}
