package jsontext

import "iter"

// Members goes through the members of the object doc: their names, in quotes,
// and their values, as they stand in it. It stops where doc is no object; what
// is inside of values it does not look at. It is how little is wanted of
// documents that makes it worth having: encoding/json takes twenty times as
// long.
func Members(doc []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for mark := byte('{'); ; mark = ',' {
			name, rest := cutValue(behind(doc, mark))
			if len(name) == 0 || name[0] != '"' {
				return
			}
			value, rest := cutValue(behind(rest, ':'))
			if len(value) == 0 || !yield(name, value) {
				return
			}
			doc = rest
		}
	}
}

// Elements is Members for the elements of an array.
func Elements(doc []byte) iter.Seq[[]byte] {
	return func(yield func(value []byte) bool) {
		for mark := byte('['); ; mark = ',' {
			value, rest := cutValue(behind(doc, mark))
			if len(value) == 0 || !yield(value) {
				return
			}
			doc = rest
		}
	}
}

// behind returns what follows mark and white space in b, or nothing if b does
// not begin with them.
func behind(b []byte, mark byte) []byte {
	b = b[Space(b, 0):]
	if len(b) == 0 || b[0] != mark {
		return nil
	}
	return b[Space(b, 1):]
}

// cutValue cuts a value off the beginning of b. It is empty if none begins
// there, or it does not end.
func cutValue(b []byte) (value, rest []byte) {
	n := 0
	if len(b) > 0 && (b[0] == '"' || b[0] == '{' || b[0] == '[') {
		var s Scanner
		size, ended := s.Skip(b)
		if !ended {
			return nil, nil
		}
		n = size
	} else {
		for n < len(b) && !endsScalar(b[n]) {
			n++
		}
	}
	return b[:n], b[n:]
}

func endsScalar(c byte) bool { return c <= ' ' || c == ',' || c == '}' || c == ']' }
