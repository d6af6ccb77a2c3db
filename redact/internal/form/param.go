package form

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// paramEnd returns where the value of the parameter begins whose name is at b[i:], and
// what that name says; 0 if it says nothing, or if there is none.
func paramEnd(b []byte, i int) (end int, says words.Meaning) {
	if i < len(b) && b[i] == ' ' && b[i-1] == ';' { // of a header field (RFC 9110, section 5.6.6)
		i++
	}
	end = i + nameChars.Run(b[i:min(len(b), i+maxPrefix-8)])
	if end == len(b) || b[end] != '=' {
		return 0, says
	}
	called := b[i:end]
	if bytes.IndexByte(called, '%') >= 0 {
		called = decoded(called)
	}
	if says = words.Of(called); says == 0 {
		return 0, says
	}
	return end + 1, says
}

// decoded returns name without percent-encoding (RFC 3986, section 2.1).
func decoded(name []byte) []byte {
	out := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '%' && i+2 < len(name) {
			if hi, lo := chars.Hex(name[i+1]), chars.Hex(name[i+2]); hi >= 0 && lo >= 0 {
				c = byte(hi<<4 | lo)
				i += 2
			}
		}
		out = append(out, c)
	}
	return out
}
