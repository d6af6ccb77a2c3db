package query

import (
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// percent returns what the character that b begins with stands for, and its
// size.
func percent(b []byte) (c byte, size int) {
	if b[0] == '+' {
		return ' ', 1
	}
	if b[0] == '%' && len(b) > 2 {
		if hi, lo := chars.Hex(b[1]), chars.Hex(b[2]); hi >= 0 && lo >= 0 {
			return byte(hi<<4 | lo), 3
		}
	}
	return b[0], 1
}

// decode appends b to out without percent-encoding, and with blanks for plus
// signs, as in queries. What is malformed stays.
func decode(out, b []byte) []byte {
	for i := 0; i < len(b); {
		c, size := percent(b[i:])
		out = append(out, c)
		i += size
	}
	return out
}

// encode encodes a placeholder, in quotes if it stands for a number.
func encode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// offset follows a place in a decoded text to where it was as sent. Places are
// asked for in order.
type offset struct{ plain, sent int }

// in returns the place in sent of the place n in what decode makes of it.
func (o *offset) in(sent []byte, n int) int {
	for ; o.plain < n; o.plain++ {
		_, size := percent(sent[o.sent:])
		o.sent += size
	}
	return o.sent
}
