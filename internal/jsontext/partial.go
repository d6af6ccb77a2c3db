package jsontext

import "unicode/utf8"

// TrimPartial splits b before the beginning of a character at its end.
func TrimPartial(b []byte) (whole, part []byte) {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i], b[i:]
			}
			break
		}
	}
	return b, nil
}
