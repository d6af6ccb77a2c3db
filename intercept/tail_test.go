package intercept

import (
	"strings"
	"testing"
)

// TestTail keeps the end of what is written, in one line, and no more than 2 KiB of
// it, however it comes.
func TestTail(t *testing.T) {
	for _, test := range []struct {
		writes []string
		want   string
	}{
		{nil, ""},
		{[]string{"one\r\ntwo\n", "\nthree"}, "one; two; three"},
		{[]string{strings.Repeat("a", 2048)}, strings.Repeat("a", 2048)},
		{[]string{"b" + strings.Repeat("a", 2048)}, strings.Repeat("a", 2048)},
		{[]string{strings.Repeat("a", 2000), "bcd", strings.Repeat("e", 47)}, strings.Repeat("a", 1998) + "bcd" + strings.Repeat("e", 47)},
		{[]string{strings.Repeat("a", 10_000), "b"}, strings.Repeat("a", 2047) + "b"},
	} {
		var kept tail
		for _, s := range test.writes {
			if n, err := kept.Write([]byte(s)); n != len(s) || err != nil {
				t.Errorf("%d, %v", n, err)
			}
		}
		if got := kept.String(); got != test.want {
			t.Errorf("got %d bytes, %.20q…; want %d, %.20q…", len(got), got, len(test.want), test.want)
		}
	}
}
