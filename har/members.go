package har

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// The functions here look at JSON that encoding/json has found to be valid, as
// it does before it calls UnmarshalJSON, without reading all of it again at
// each level. Of what is not valid they make an error, or nonsense.

var errSyntax = errors.New("not valid JSON")

// eachMember calls f for each member of the object b.
func eachMember(b []byte, f func(name string, value []byte)) error {
	return each(b, '{', '}', func(b []byte) ([]byte, error) {
		n := skipString(b)
		if n == 0 {
			return nil, errSyntax
		}
		name := unquote(b[:n])
		if b = trimSpace(b[n:]); len(b) == 0 || b[0] != ':' {
			return nil, errSyntax
		}
		b = trimSpace(b[1:])
		if n = skipValue(b); n == 0 {
			return nil, errSyntax
		}
		f(name, b[:n])
		return b[n:], nil
	})
}

// eachElement calls f for each element of the array b.
func eachElement(b []byte, f func(value []byte)) error {
	return each(b, '[', ']', func(b []byte) ([]byte, error) {
		n := skipValue(b)
		if n == 0 {
			return nil, errSyntax
		}
		f(b[:n])
		return b[n:], nil
	})
}

// each calls next for what is between the commas of b. next returns what is
// behind it.
func each(b []byte, begin, end byte, next func([]byte) ([]byte, error)) error {
	if b = trimSpace(b); len(b) == 0 || b[0] != begin {
		return errSyntax
	}
	b = trimSpace(b[1:])
	if len(b) > 0 && b[0] == end {
		return nil
	}
	for {
		rest, err := next(b)
		if err != nil {
			return err
		}
		rest = trimSpace(rest)
		switch {
		case len(rest) > 0 && rest[0] == ',':
			b = trimSpace(rest[1:])
		case len(rest) > 0 && rest[0] == end:
			return nil
		default:
			return errSyntax
		}
	}
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && strings.IndexByte(blank, b[0]) >= 0 {
		b = b[1:]
	}
	return b
}

// skipValue returns the length of the value that b begins with, or 0.
func skipValue(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case '"':
		return skipString(b)
	case '{', '[':
		depth := 0
		for i := 0; i < len(b); {
			switch b[i] {
			case '"':
				n := skipString(b[i:])
				if n == 0 {
					return 0
				}
				i += n
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
		return 0
	}
	if n := bytes.IndexAny(b, ",]} \r\n\t"); n >= 0 {
		return n
	}
	return len(b)
}

// skipString returns the length of the string that b begins with, or 0.
func skipString(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return 0
	}
	for i := 1; ; {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return 0
		}
		end := i + n
		slashes := 0
		for b[end-1-slashes] == '\\' {
			slashes++
		}
		i = end + 1
		if slashes%2 == 0 {
			return i
		}
	}
}

// unquote returns the value of a string.
func unquote(b []byte) string {
	if in := b[1 : len(b)-1]; bytes.IndexByte(in, '\\') < 0 && utf8.Valid(in) {
		return string(in)
	}
	var s string
	json.Unmarshal(b, &s)
	return s
}
