package name

import "testing"

func TestIsSecret(t *testing.T) {
	given := NewGiven([]string{"wobble"})
	for s, want := range map[string]bool{
		"DB_PASSWORD": true, "api_key": true, "DATABASE_DSN": true, "X_CONN_STR": true, "authorization": true, "W-o_bble": true,
		"PWD": false, "OLDPWD": false, "AUTHOR": false, "authority": false, "PATH": false, "wobbles": false, "": false,
	} {
		if got := given.IsSecret([]byte(s)); got != want {
			t.Errorf("%q: got %t", s, got)
		}
	}
	for s, want := range map[string]bool{"token": true, "no-password": false, "password-stdin": false, "p": false} {
		if got := given.IsSecretFlag([]byte(s)); got != want {
			t.Errorf("flag %q: got %t", s, got)
		}
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
