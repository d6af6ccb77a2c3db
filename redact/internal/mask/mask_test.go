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
		"[masked 9 bytes #09af]": true, "[masked 10 bytes #]": true, "%5Bmasked%2090%20bytes%5D": true, "[masked  bytes]": false, "[masked 1]": false, "[masked 1:bytes]": false, "[masked : bytes]": false,
		"[masked 1 bytes #g]": false, "[masked 1 bytes #:]": false, "[masked 1 bytes #0": false, "[masked 1 bytes#0]": false, "[masked 1 bytes%5D": false, "[masked 1": false,
		"": false, "x": false, "[masked ": false, "[masked x bytes]": false, "[masked 1 bytes": false, "[masked 1 byte]": false,
		"[masked 1 bytes #xyz]": false, whole + " ": false, " " + whole: false,
	} {
		if Is(s) != want || Is([]byte(s)) != want {
			t.Errorf("%q: want %t", s, want)
		}
	}
}

// TestSize: of one placeholder, whatever follows it.
func TestSize(t *testing.T) {
	for s, want := range map[string]int{"": 0, "x": 0, "[masked 1 bytes]": 16, "[masked 1 bytes][masked 1 bytes]": 16, "[masked 1 bytes #0a]x": 20, "[masked ": 0, "[masked 1": 0, "[masked 1 bytes": 0, "[masked 1 bytes #0": 0, "%5Bmasked%201%20bytes%5Dx": 24} {
		if got := Size(s); got != want {
			t.Errorf("%q: %d", s, got)
		}
	}
}

// TestOverlaps: spans that lie in one another, touch, or overlap.
func TestOverlaps(t *testing.T) {
	text := []byte("0123456789")
	for _, c := range []struct {
		at    [][2]int
		known int
		want  string
	}{
		{[][2]int{{2, 4}}, 0, "01a456789"}, {[][2]int{{4, 6}, {2, 4}}, 0, "01ba6789"}, {[][2]int{{2, 4}, {2, 6}}, 0, "01b6789"}, {[][2]int{{2, 6}, {4, 6}}, 0, "01a6789"}, {[][2]int{{2, 6}, {3, 5}}, 0, "01a6789"},
		{[][2]int{{2, 5}, {4, 6}}, 0, "01[masked 4 bytes]6789"}, {[][2]int{{2, 4}}, 4, "456789"}, {[][2]int{{2, 5}}, 4, "[masked 1 bytes]56789"}, {[][2]int{{4, 6}}, 4, "a6789"}, {nil, 3, "3456789"},
		{[][2]int{{0, 1}, {1, 2}, {3, 4}, {9, 10}}, 0, "ab2c45678d"},
	} {
		var s Spans
		for i, at := range c.at {
			s = append(s, Span{at[0], at[1], string(rune('a' + i)), "n"})
		}
		if got := string(s.Sorted().Masked(text, c.known)); got != c.want {
			t.Errorf("%v behind %d: got %s, want %s", c.at, c.known, got, c.want)
		}
	}
	m := NewMarks(nil)
	if s := (Spans)(nil).Whole(m, text, 3, 5, "n"); len(s) != 1 || s[0] != (Span{3, 5, m.Of("34"), "n"}) || !strings.HasPrefix(s[0].With, "[masked 2 bytes #") {
		t.Errorf("got %+v", s)
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
	for _, value := range []string{`{"a":[1,2]}`, `[]`, `7`, `"text"`, `"7"`, `""`, `"`, `[broken`} {
		got, names := CoverJSON(m, []byte(value), true, "response.body")
		if !json.Valid(got) || !slices.Equal(names, []string{"response.body"}) {
			t.Errorf("%s became %s, names %q", value, got, names)
		}
		if again, names := CoverJSON(m, got, true, "response.body"); string(again) != string(got) || names != nil {
			t.Errorf("%s became %s, names %q", got, again, names)
		}
	}
}

// TestCoverString: the quotes of a string stay, and count for nothing.
func TestCoverString(t *testing.T) {
	for value, want := range map[string]string{`"7"`: `"[masked 1 bytes]"`, `"text"`: `"[masked 4 bytes]"`, `""`: `"[masked 2 bytes]"`, `77`: `"[masked 2 bytes]"`, `"a`: `"[masked 2 bytes]"`, `a"`: `"[masked 2 bytes]"`} {
		if got, _ := CoverJSON(NewMarks(nil), []byte(value), false, "x"); string(got) != want {
			t.Errorf("%s became %s", value, got)
		}
	}
}

// TestUnion: each name once, and no more than twice as many as are remembered.
func TestUnion(t *testing.T) {
	if got := Union([]string{"a", "b", "a"}, []string{"b", "c"}); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %q", got)
	}
	var many []string
	for i := range 3 * MaxNames {
		many = append(many, strings.Repeat("x", i))
	}
	if got := Union(many, many); len(got) != 2*MaxNames {
		t.Errorf("%d names", len(got))
	}
	var s Spans
	for i := range 2 * MaxNames {
		s = append(s, Span{To: i + 1, Name: many[i]})
	}
	if got := s.Names(0); len(got) != MaxNames {
		t.Errorf("%d names of a text", len(got))
	}
}

// TestMaskNothing: without spans it is the text itself.
func TestMaskNothing(t *testing.T) {
	text := []byte("ab")
	if got, names := Spans(nil).Mask(text); &got[0] != &text[0] || names != nil {
		t.Errorf("got %q, %q", got, names)
	}
	s := Spans{{1, 2, "y", "n"}, {0, 1, "x", "m"}}
	if got, names := s.Mask(text); string(got) != "xy" || !slices.Equal(names, []string{"m", "n"}) {
		t.Errorf("got %q, %q", got, names)
	}
}

func TestCut(t *testing.T) {
	whole := NewMarks(nil).Placeholder([]byte("x"), 12)
	for size := len(start); size < len(whole); size++ {
		if got := Cut("ab" + whole[:size]); got != 2 {
			t.Errorf("%q: %d", whole[:size], got)
		}
	}
	for _, s := range []string{"", "ab", "a[masked", whole, whole + whole, "[masked x", "[masked 12 x", "[masked 12 bytes #g", "[masked 12 bytes #0123456789", "[masked 1 bytes]"} {
		if got := Cut(s); got != len(s) {
			t.Errorf("%q: %d", s, got)
		}
	}
	if got := Cut(whole + "[masked 1"); got != len(whole) {
		t.Errorf("behind another: %d", got)
	}
}
