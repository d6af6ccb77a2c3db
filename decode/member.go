package decode

import (
	"bytes"
	"encoding/json"
	"iter"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// members goes through the members of a JSON object: their names, in quotes,
// and their values, as they stand in doc. It stops where doc is no object; what
// is inside of values it does not look at. It is how little is wanted of
// documents that makes it worth having: encoding/json takes twenty times as
// long.
func members(doc []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for mark := byte('{'); ; mark = ',' {
			name, rest := cutString(behind(doc, mark))
			value, rest := cutValue(behind(rest, ':'))
			if len(value) == 0 || !yield(name, value) {
				return
			}
			doc = rest
		}
	}
}

// behind returns what follows mark and white space in b, or nothing if b does
// not begin with them.
func behind(b []byte, mark byte) []byte {
	b = b[scan.Space(b, 0):]
	if len(b) == 0 || b[0] != mark {
		return nil
	}
	return b[scan.Space(b, 1):]
}

// cutString cuts a string in quotes off the beginning of b.
func cutString(b []byte) (s, rest []byte) {
	if len(b) == 0 || b[0] != '"' {
		return nil, nil
	}
	n := scan.Quote(b, 1)
	if n == len(b) || b[n] != '"' { // it has escapes, or no end
		var s borders
		n, _ = s.scan(b)
		return b[:n], b[n:]
	}
	return b[:n+1], b[n+1:]
}

// cutValue cuts a value off the beginning of b.
func cutValue(b []byte) (value, rest []byte) {
	if len(b) == 0 || b[0] == '"' {
		return cutString(b)
	}
	n := 0
	if b[0] == '{' || b[0] == '[' {
		var s borders
		n, _ = s.scan(b)
	} else {
		for n < len(b) && !endsScalar(b[n]) {
			n++
		}
	}
	return b[:n], b[n:]
}

func endsScalar(c byte) bool { return c <= ' ' || c == ',' || c == '}' || c == ']' }

// named reports whether a member's name, in quotes, is want, which has ASCII
// letters other than k and s: those are all that one letter may be written as.
// Case does not matter, since it does not matter to Go's encoding/json, by
// which the Docker Engine reads requests.
func named(name []byte, want string) bool {
	if len(name) == len(want)+2 {
		return bytes.EqualFold(name[1:len(name)-1], []byte(want))
	}
	const escape = len(`\u0054`) // shorter ones are for other characters
	if len(name) < len(want)+1+escape || bytes.IndexByte(name, '\\') < 0 {
		return false
	}
	s, ok := unquote(name)
	return ok && bytes.EqualFold(s, []byte(want))
}

// unquote returns what a string in quotes stands for. It reports false if that
// is none.
func unquote(b []byte) ([]byte, bool) {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return nil, false
	}
	if plain := b[1 : len(b)-1]; bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		return plain, true
	}
	var s string
	err := json.Unmarshal(b, &s)
	return []byte(s), err == nil
}
