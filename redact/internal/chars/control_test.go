package chars

import (
	"strings"
	"testing"
)

// written are control sequences of terminals, as they are written in all kinds of text.
var written = []string{"\x1b[31m", "\x1b[m", "\x1b[K", "\x1b[?25l", "\x1b[1;38;2;255;255;255;48;2;100;100;100m", "\x1b(B", "\x1bM",
	"\x9b1m", "\u009b1m", `\u001b[1m`, `\u001B[0;31m`, `\\u001b[1m`, `\x1b[1m`, `\033[1m`, `\e[1m`, `\u009b1m`}

// TestControls: control sequences are known from both sides, and left out.
func TestControls(t *testing.T) {
	for _, s := range written {
		if n := ControlBefore([]byte("a " + s)); n != len(s) {
			t.Errorf("%q: %d before", s, n)
		}
		if n := Controls([]byte(s + s + "x")); n != 2*len(s) {
			t.Errorf("%q: %d at the front", s, n)
		}
		if got := string(Uncontrolled(nil, []byte(s+"ab"+s+"c=\""+s+"d"+s+`"`))); got != `ab c="d"` {
			t.Errorf("%q: %q is left", s, got)
		}
		if !MayControl([]byte(s)) {
			t.Errorf("%q may have none", s)
		}
	}
	for _, s := range []string{"", "a", "31x", "[31x", "\x1b[31", "\x1b", `\033':`, `\e--p`, "\x1b[" + strings.Repeat("1", maxControl+1) + "m"} {
		if n := Controls([]byte(s)); n != 0 {
			t.Errorf("%q: %d at the front", s, n)
		}
		if got := string(Uncontrolled(nil, []byte(s))); got != s {
			t.Errorf("%q: %q is left", s, got)
		}
	}
	if !InControl([]byte("a\x1b[1")) || InControl([]byte("a\x1b[1m")) || InControl([]byte("[1")) {
		t.Error("within is not told from behind")
	}
}
