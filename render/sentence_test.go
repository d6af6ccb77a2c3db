package render

import (
	"strings"
	"testing"
)

func TestBrokenAtWords(t *testing.T) {
	for _, c := range []struct {
		text        string
		first, room int
		want        string
	}{
		{"", 10, 10, ""},
		{"  ", 10, 10, ""},
		{"one", 10, 10, "one"},
		{"one  two   three", 20, 20, "one  two   three"},
		{"one  two   three", 7, 7, "one |two  |three"},
		{"one two three", 7, 7, "one two|three"},
		{"one two three", 6, 6, "one|two|three"},
		{"one two three", 3, 7, "one|two|three"},
		{"one two three", 2, 7, "|one two|three"},
		{"one two three", -1, 9, "|one two|three"},
		{"a longword b", 4, 4, "a|longword|b"},
		{"longword b", 4, 4, "longword|b"},
		{"ab 中中 c", 7, 7, "ab 中中|c"},
		{"ab é é é", 8, 8, "ab é é é"},
		{"ab \x01 c", 7, 7, "ab \x01|c"}, // shown as \x01
	} {
		if got := strings.Join(brokenAtWords(c.text, c.first, c.room), "|"); got != c.want {
			t.Errorf("%q in %d, %d: got %q, want %q", c.text, c.first, c.room, got, c.want)
		}
	}
}
