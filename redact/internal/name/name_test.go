package name

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/words"
)

// TestFold: names in lower case, without what is between their words, as far as they
// are looked at.
func TestFold(t *testing.T) {
	long := strings.Repeat("x", 96)
	for in, want := range map[string]struct {
		folded string
		all    bool
	}{
		"": {"", true}, "A-b_C.d": {"abc.d", true}, "\u017f\u212az": {"skz", true}, "\u017e": {"\u017e", true}, "_-": {"", true}, "@[`{": {"@[`{", true},
		long: {long, true}, long + "y": {long, false}, "-" + long + "_": {long, true}, long[1:] + "YZ": {long[1:] + "y", false},
	} {
		var buf [Max]byte
		if got, all := Fold(&buf, []byte(in)); string(got) != want.folded || all != want.all {
			t.Errorf("%q: got %q, %t", in, got, all)
		}
	}
}

func TestOf(t *testing.T) {
	given := NewGiven([]string{"wobble", "_", ""})
	for s, want := range map[string]bool{
		"pass.word": true, "wob.ble": false, "DB_PASSWORD": true, "KEY": true, "W-o_bble": true, "AUTHOR": false, "PATH": false, "wobbles": false, "": false,
	} {
		if got := given.Of([]byte(s)) != 0; got != want {
			t.Errorf("%q: got %t", s, got)
		}
	}
	for s, want := range map[string]bool{"token": true, "no-password": false, "NO-password": false, "password-stdin": false, "p": false, "pw": true, "no": false, "wobble": true, "no-wobble": false, "": false, "nopassword": true} {
		if got := given.OfFlag([]byte(s)) != 0; got != want {
			t.Errorf("flag %q: got %t", s, got)
		}
	}
	one := NewGiven([]string{"P"})
	if one.Of([]byte("p")) != words.Secret|words.Deep|words.Strict || one.Of([]byte("pp")) != 0 || one.OfFlag([]byte("p")) != 0 || !one.Any() {
		t.Error("a name of one letter is none, or a flag")
	}
	if (Given{}).Has(nil) || (Given{}).Any() || !given.Any() {
		t.Error("none are some")
	}
}

// TestJoin: only what looks like a name is told.
func TestJoin(t *testing.T) {
	most := strings.Repeat("x", 96)
	for called, want := range map[string]string{most: "x." + most, most + "x": "x", "a-b.c": "x.a-b.c", "a:b": "x", "é": "x", "a\"": "x", "Z9 0a/A": "x.Z9 0a/A", "A_B": "x.A_B", "a/b c": "x.a/b c", "": "x", "a\nb": "x", "a": "x.a", "ghp_0123456789abcdef": "x"} {
		if got := Join("x", []byte(called)); got != want {
			t.Errorf("%q: got %q", called, got)
		}
	}
	for i := range 256 {
		c := string([]byte{byte(i)})
		shown := i < 0x80 && (strings.ToLower(c) != strings.ToUpper(c) || strings.Contains("0123456789_.-/ ", c))
		if got := Join("x", []byte(c)); (got != "x") != shown {
			t.Errorf("%q: got %q", c, got)
		}
	}
}
