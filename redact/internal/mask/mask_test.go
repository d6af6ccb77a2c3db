package mask

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestMarks: two random keys make two marks, one key one, and none is kept.
func TestMarks(t *testing.T) {
	secret := []byte("S3CR3T-value")
	if x, y := NewMarks(nil).Placeholder(secret, 1), NewMarks(nil).Placeholder(secret, 1); x == y {
		t.Errorf("two random keys make one mark: %s", x)
	}
	key := []byte("test")
	m := NewMarks(key)
	was := m.Placeholder(secret, 12)
	key[0] = 'x'
	if is := m.Placeholder(secret, 12); is != was || is == m.Placeholder(secret[1:], 12) {
		t.Errorf("got %s, then %s", was, is)
	}
}

func TestIs(t *testing.T) {
	whole := NewMarks(nil).Placeholder([]byte("x"), 1)
	encoded := strings.NewReplacer("[", "%5B", "]", "%5D", "#", "%23", " ", "%20").Replace(whole)
	for s, want := range map[string]bool{
		whole: true, encoded: true, Partial(12): true, whole + Partial(3) + encoded: true,
		"": false, "x": false, "[masked ": false, "[masked x bytes]": false, "[masked 1 bytes": false, "[masked 1 byte]": false,
		"[masked 1 bytes #xyz]": false, whole + " ": false, " " + whole: false,
	} {
		if Is(s) != want || Is([]byte(s)) != want {
			t.Errorf("%q: want %t", s, want)
		}
	}
}

// TestSpans: spans in any order, beside each other, over each other, and before
// what is known.
func TestSpans(t *testing.T) {
	text := []byte("0123456789")
	m := NewMarks(nil)
	var s Spans
	s = s.Piece(text, 8, 9, "c")
	s = s.Piece(text, 1, 3, "a")
	s = s.Piece(text, 2, 5, "b")
	s = s.Piece(text, 2, 2, "none")
	s = s.Sorted()
	if got := string(s.Masked(text, 0)); got != "0[masked 4 bytes]567[masked 1 bytes]9" {
		t.Errorf("got %s", got)
	}
	if got := string(s.Masked(text, 4)); got != "[masked 1 bytes]567[masked 1 bytes]9" {
		t.Errorf("behind 4: %s", got)
	}
	if names := s.Names(5); !slices.Equal(names, []string{"c"}) {
		t.Errorf("names behind 5: %q", names)
	}
	out, names := Cover(m, text, true, "x")
	if string(out) != m.Placeholder(text, 10) || !slices.Equal(names, []string{"x"}) {
		t.Errorf("covered: %s %q", out, names)
	}
	if again, names := Cover(m, out, true, "x"); string(again) != string(out) || names != nil {
		t.Errorf("covered twice: %s %q", again, names)
	}
}

// TestCoverJSON: what is covered stays a JSON value, and is left alone then.
func TestCoverJSON(t *testing.T) {
	m := NewMarks(nil)
	for _, value := range []string{`{"a":[1,2]}`, `[]`, `7`, `"text"`, `""`, `"`, `[broken`} {
		got, names := CoverJSON(m, []byte(value), true, "response.body")
		if !json.Valid(got) || !slices.Equal(names, []string{"response.body"}) {
			t.Errorf("%s became %s, names %q", value, got, names)
		}
		if again, names := CoverJSON(m, got, true, "response.body"); string(again) != string(got) || names != nil {
			t.Errorf("%s became %s, names %q", got, again, names)
		}
	}
}
