package form

import "testing"

// TestControl: secrets behind colours are secrets.
func TestControl(t *testing.T) {
	for _, secret := range []string{"//user:hunter2secret@host", "Bearer hunter7secretxxxxxxxxxx", "AKIAHUNTER8SECRETABCD"} {
		for _, before := range []string{"\x1b[31m", "a \x1b[1;38;5;31m", "\x1b[K", "\x1bM", "\u009b31m", `\u001b[31m`, `\u001B[0m`, `\x1b[m`, `\033[32m`, `\e[1m`, "a\x1b(B", "\x1b7", `a\\u001b[0m`, "\x1b[1;38;2;255;255;255;48;2;100;100;100m", "31m", "[31m", "m"} {
			if i := Index([]byte(before + secret)); i != len(before) {
				t.Errorf("%q before %s: %d", before, secret, i)
			}
		}
		for _, before := range []string{"x", "[31x", "a[31m", "31mm", "\x1b[31mm"} {
			if i := Index([]byte(before + secret)); i == len(before) {
				t.Errorf("%q before %s is the end of a word", before, secret)
			}
		}
	}
}
