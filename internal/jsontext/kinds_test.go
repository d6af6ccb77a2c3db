package jsontext

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestBytes tells every byte by what it may be.
func TestBytes(t *testing.T) {
	for i := range 256 {
		c := byte(i)
		for what, k := range map[string]struct {
			got bool
			all string
		}{
			"begins a value":  {StartsValue(c), `{["-tfn0123456789`},
			"is a digit":      {isDigit(c), "0123456789"},
			"is in numbers":   {inNumber(c), "0123456789.eE+-"},
			"is white space":  {IsSpace(c), " \t\n\r"},
			"is a separator":  {IsSeparator(c), Separators},
			"stands in words": {literal(c) != "", "tfn"},
		} {
			if k.got != (strings.IndexByte(k.all, c) >= 0) {
				t.Errorf("%q %s: %t", c, what, k.got)
			}
		}
		for _, s := range []string{string([]byte{'"', c, '"'}), string([]byte{'"', '\\', c, '"'}), string([]byte{'"', 0xc3, c, '"'})} {
			var want string
			valid := json.Unmarshal([]byte(s), &want) == nil
			if got, ok := Unquote([]byte(s)); ok != valid || string(got) != want {
				t.Errorf("%q: got %q, %t; want %q, %t", s, got, ok, want, valid)
			}
		}
		before := string([]byte{c, '1', c})
		w := Writer{B: []byte("[")}
		if ok := w.JSON("", []byte(before)); ok != json.Valid([]byte(before)) {
			t.Errorf("%q is taken for JSON: %t", before, ok)
		}
		if n := Ordinary([]byte{'a', c, 'b'}); n != map[bool]int{true: 1, false: 3}[c < ' ' || c == '"' || c == '\\'] {
			t.Errorf("%q: %d bytes are ordinary", c, n)
		}
	}
}

// TestEveryPlace has one byte that is special at every place of strings of every
// length, where bytes are looked at eight at once, and in pairs of them.
func TestEveryPlace(t *testing.T) {
	lengths := []int{255, 256, 257, 265}
	for n := range 30 {
		lengths = append(lengths, n)
	}
	for _, n := range lengths {
		for at := -1; at < n; at++ {
			for _, special := range []string{"\"", "\\", "\n", "\x1f", "\x7f", "é", "\u202e"} {
				s, want := strings.Repeat("x", n), strings.Repeat("x", n)
				if at >= 0 {
					s, want = s[:at]+special+s[at+1:], want[:at]+string(AppendRune(nil, []rune(special)[0]))+want[at+1:]
				}
				want = `"` + want + `"`
				for _, room := range []int{0, 2*n + 40} {
					if got, ok := AppendString(make([]byte, 0, room), s); string(got) != want || !ok {
						t.Fatalf("%q: got %s, want %s", s, got, want)
					}
				}
				if n > 30 && at > 20 && at < n-20 {
					continue
				}
				if at >= 0 && plainRun(s) != at || at < 0 && plainRun(s) != n || n < 256 && allPlain(s) != (at < 0) {
					t.Fatalf("%q: %d bytes are plain, all: %t", s, plainRun(s), allPlain(s))
				}
				for _, other := range []string{"", "y", strings.Repeat("y", 256), strings.Repeat("y", 257), "\n"} {
					text, _ := AppendString(nil, other)
					for pair, want := range map[[2]string]string{{s, other}: "[[" + want + "," + string(text) + "]", {other, s}: "[[" + string(text) + "," + want + "]"} {
						w := Writer{B: []byte("[")}
						if w.Pair(pair[0], pair[1]); string(w.B) != want {
							t.Fatalf("%q: got %s, want %s", pair, w.B, want)
						}
					}
				}
				if at < 0 {
					break
				}
			}
		}
	}
}

// TestWriterJSON writes values as members, one after the other, and nothing of
// what is none.
func TestWriterJSON(t *testing.T) {
	w := Writer{B: []byte("{")}
	for key, in := range []string{`[1]`, ` {"a" : [ ] } `, `[1`, `{"a"}`, `"x"`, `]`, `0`} {
		before := string(w.B)
		if ok := w.JSON(string(rune('a'+key)), []byte(in)); ok != json.Valid([]byte(in)) || !ok && string(w.B) != before {
			t.Errorf("%s: %t, %s", in, ok, w.B)
		}
	}
	w.Millis("m", 5e6)
	w.Millis("n", 5000001)
	if want := `{"a":[1],"b":{"a":[]},"e":"x","g":0,"m":5,"n":5.000001`; string(w.B) != want {
		t.Errorf("got %s, want %s", w.B, want)
	}
	for digits := 1; digits <= 9; digits++ {
		if got, want := string(AppendDecimals(nil, 7, digits)), strings.Repeat("0", digits-1)+"7"; got != want {
			t.Errorf("%d digits: %s", digits, got)
		}
	}
}

// TestSkipApart: where a number or a literal ends that nothing is between it and
// what follows, and that nobody knows the end of.
func TestSkipApart(t *testing.T) {
	for in, want := range map[string]int{
		`1{}`: 1, `12[]`: 2, `true"x"`: 4, `1,2`: 1, "1\x1e2": 1, "1 2": 1, `"a\"b"1`: 6, `]]`: 1, `[]]`: 2, `"a"]`: 3, `{"a":"\\"}1`: 10, `12`: -2, `"a`: -2, `[1`: -2, `x|\#`: -4,
	} {
		var s Scanner
		n, ended := s.Skip([]byte(in))
		if n != max(want, -want) || ended != (want > 0) {
			t.Errorf("%s: %d, %t", in, n, ended)
		}
		if s.InScalar() != (in == `12` || in == `x|\#`) {
			t.Errorf("%s: in a scalar: %t", in, s.InScalar())
		}
		if ended { // at the beginning again
			if n, ended = s.Skip([]byte(`[[0]]`)); n != 5 || !ended {
				t.Errorf("behind %s: %d, %t", in, n, ended)
			}
		}
	}
	var s Scanner
	if n, ended := s.Skip([]byte(`"a\`)); n != 3 || ended {
		t.Errorf("a cut escape: %d, %t", n, ended)
	}
	if n, ended := s.Skip(nil); n != 0 || ended {
		t.Errorf("nothing behind a cut escape: %d, %t", n, ended)
	}
	if n, ended := s.Skip([]byte(`""x`)); n != 2 || !ended {
		t.Errorf("the rest of a cut escape: %d, %t", n, ended)
	}
}

// TestEscaped is of the last string only, cut or not.
func TestEscaped(t *testing.T) {
	var s Scanner
	i := 0
	for _, want := range []bool{true, false, false, true} {
		k, from, to := s.Next([]byte(`"\n" "#" 12 "\"x"`), i)
		if k == Number {
			i = to
			k, from, to = s.Next([]byte(`"\n" "#" 12 "\"x"`), i)
			want = true
		}
		if k == End {
			break
		}
		if i = to; k != String || s.Escaped() != want || s.Cut() {
			t.Errorf("%v at %d: escaped is %t", k, from, s.Escaped())
		}
	}
}

// TestNotNamed: an escape is as long as it is, and cut names are none.
func TestNotNamed(t *testing.T) {
	for name, want := range map[string]bool{
		`"\u0054"`: true, `"\u0074"`: true, `"\u0055"`: false, `"T"`: true, `"\T"`: false, `\u0054`: false, `"\n"`: false, `"abcdefgh"`: false, `"\u0054x"`: false, `"T\u"`: false,
	} {
		if got := Named([]byte(name), "t"); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
