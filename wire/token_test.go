package wire

import "testing"

func TestIsToken(t *testing.T) {
	for s, want := range map[string]bool{
		"GET": true, "X-Registry-Auth": true, "!#$%&'*+-.^_`|~09azAZ": true,
		"": false, "a b": false, "a:": false, "a\t": false, "a\x00": false, "a\x7f": false, "é": false, "\xff": false, `"a"`: false, "a/b": false, "(a)": false,
	} {
		if got := IsToken(s); got != want {
			t.Errorf("%q: got %t", s, got)
		}
	}
}
