package websocket

import "unicode/utf8"

// text checks that what it takes is UTF-8, wherever that is cut. Its zero value is at the beginning
// of a message.
type text struct {
	begun [utf8.UTFMax]byte // a character of which not all has come
	n     int               // bytes of that
}

// take returns how many bytes of b can go on what came before: all of them, if they can.
func (t *text) take(b []byte) int {
	if t.n == 0 && utf8.Valid(b) {
		return len(b)
	}
	for i, c := range b {
		t.begun[t.n] = c
		t.n++
		if !utf8.FullRune(t.begun[:t.n]) {
			continue
		}
		if r, size := utf8.DecodeRune(t.begun[:t.n]); r == utf8.RuneError && size == 1 {
			return i
		}
		t.n = 0
	}
	return len(b)
}
