package name

import "testing"

func TestOf(t *testing.T) {
	given := NewGiven([]string{"wobble", "_", ""})
	for s, want := range map[string]bool{
		"DB_PASSWORD": true, "KEY": true, "W-o_bble": true, "AUTHOR": false, "PATH": false, "wobbles": false, "": false,
	} {
		if got := given.Of([]byte(s)) != 0; got != want {
			t.Errorf("%q: got %t", s, got)
		}
	}
	for s, want := range map[string]bool{"token": true, "no-password": false, "NO-password": false, "password-stdin": false, "p": false, "pw": true, "nopassword": true} {
		if got := given.OfFlag([]byte(s)) != 0; got != want {
			t.Errorf("flag %q: got %t", s, got)
		}
	}
	if (Given{}).Has(nil) || (Given{}).Any() || !given.Any() {
		t.Error("none are some")
	}
}

// TestJoin: only what looks like a name is told.
func TestJoin(t *testing.T) {
	for called, want := range map[string]string{"A_B": "x.A_B", "a/b c": "x.a/b c", "": "x", "a\nb": "x", "ghp_0123456789abcdef": "x"} {
		if got := Join("x", []byte(called)); got != want {
			t.Errorf("%q: got %q", called, got)
		}
	}
}
