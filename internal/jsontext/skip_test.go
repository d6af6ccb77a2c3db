package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"testing"
)

// values splits a stream, given in two pieces, at the ends of its values.
func values(b []byte, cut int) (all []string) {
	var s Scanner
	var value []byte
	in := false
	for _, part := range [][]byte{bytes.Clone(b[:cut]), bytes.Clone(b[cut:])} {
		for i := 0; i < len(part); {
			if !in && IsSeparator(part[i]) {
				i++
				continue
			}
			n, ended := s.Skip(part[i:])
			value = append(value, part[i:i+n]...)
			if in = !ended; ended {
				all = append(all, string(value))
				value = value[:0]
			}
			i += n
		}
	}
	if in && s.InScalar() {
		all = append(all, string(value))
	}
	return all
}

// FuzzSkip compares the ends of the values of a stream, wherever it is cut,
// with those that encoding/json finds.
func FuzzSkip(f *testing.F) {
	for _, s := range append(texts, `{"a":1}{"b":[1,2,"]"]}`, "1 2 \"x\"\n[]", `{"a":"\"}"}`+"\r\n"+`true`, "{}\x1e[[[{}]]]0") {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		want, ok := decodedValues(b)
		if !ok {
			want = values(b, 0) // cut or not, at least
		}
		for cut := range len(b) + 1 {
			if got := values(b, cut); !slices.Equal(got, want) {
				t.Errorf("%q cut at %d: got %q, want %q", b, cut, got, want)
			}
		}
	})
}

// decodedValues returns what encoding/json makes of a stream. It returns false
// if that is not all JSON, or two numbers or literals are not apart in it, such
// as 00: those we take for one that is malformed.
func decodedValues(b []byte) (all []string, ok bool) {
	d := json.NewDecoder(bytes.NewReader(b))
	before, scalar := int64(0), false
	for {
		var v json.RawMessage
		err := d.Decode(&v)
		if err != nil {
			return all, errors.Is(err, io.EOF)
		}
		end := d.InputOffset()
		is := v[0] != '{' && v[0] != '[' && v[0] != '"'
		if is && scalar && end-int64(len(v)) == before {
			return nil, false
		}
		before, scalar = end, is
		all = append(all, string(v))
	}
}
