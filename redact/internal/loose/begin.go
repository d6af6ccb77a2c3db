package loose

import (
	"bytes"
	"unicode/utf16"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
)

// guards are what is sent before JSON so that no script can run it.
var guards = []string{"\xef\xbb\xbf", ")]}',", ")]}'", ")]}", "while(1);", "for(;;);", "{}&&", "&&&START&&&"}

// jsonAt returns where JSON begins in b, behind what may stand before it: a mark of the
// order of bytes, a guard, comments, the call of a function (JSONP). It returns -1 if
// none does.
func jsonAt(b []byte) int {
	i := skipGuards(b)
	if jsonmask.Begins(b[i:]) {
		return i
	}
	if n := callChars.Run(b[i:]); n > 0 && i+n < len(b) && b[i+n] == '(' && jsonmask.Begins(b[i+n+1:]) {
		return i + n + 1
	}
	return -1
}

var callChars = chars.Of("aA0", "_$.[]\"'")

// skipGuards returns what stands before anything else at the front of b.
func skipGuards(b []byte) (i int) {
	for {
		i += len(b[i:]) - len(bytes.TrimLeft(b[i:], " \t\r\n\x1e"))
		n := guardSize(b[i:])
		if n == 0 {
			return i
		}
		i += n
	}
}

// guardSize returns the size of the guard or the comment that b begins with; 0 if it
// begins with none.
func guardSize(b []byte) int {
	for _, g := range guards {
		if chars.HasPrefixAt(b, 0, g) {
			return len(g)
		}
	}
	for begin, end := range map[string]string{"/*": "*/", "//": "\n"} {
		if n := bytes.Index(b, []byte(end)); chars.HasPrefixAt(b, 0, begin) && n >= 0 {
			return n + len(end)
		}
	}
	return 0
}

// narrow returns b, if it is UTF-16, in UTF-8: it has a mark of the order of bytes, or
// begins with ASCII letters and a zero beside each.
func narrow(b []byte) (out []byte, ok bool) {
	if len(b) < 4 {
		return nil, false
	}
	big := b[0] == 0xfe && b[1] == 0xff || b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0
	if !big && !(b[0] == 0xff && b[1] == 0xfe || b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0) {
		return nil, false
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		u := uint16(b[i]) | uint16(b[i+1])<<8
		if big {
			u = u>>8 | u<<8
		}
		units = append(units, u)
	}
	if len(b)%2 != 0 {
		units = append(units, uint16(b[len(b)-1])) // half of a letter
	}
	return []byte(string(utf16.Decode(units))), true
}
