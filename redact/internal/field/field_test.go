package field

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// slowIsSecret does what IsSecret does, as plainly as can be.
func slowIsSecret(name string) bool {
	name = strings.Map(func(c rune) rune { return rune(chars.Lower(byte(c))) }, LastToken(name))
	return slices.Contains(secretNames, name) ||
		slices.ContainsFunc(secretSuffixes, func(s string) bool { return strings.HasSuffix(name, s) })
}

// FuzzIsSecret compares IsSecret with slowIsSecret.
func FuzzIsSecret(f *testing.F) {
	for _, name := range secretNames {
		f.Add(name)
		f.Add("X-" + strings.ToUpper(name))
		f.Add(name + " :")
		f.Add("a b: " + name)
		f.Add(strings.Repeat("x", 64) + name)
	}
	for _, suffix := range secretSuffixes {
		f.Add(suffix)
		f.Add("X" + strings.ToUpper(suffix))
		f.Add(suffix[1:])
	}
	for _, name := range []string{"", ":=", "é", "//", "\u212aey-token"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := IsSecret(s), slowIsSecret(s); got != want || IsSecret([]byte(s)) != want || IsSecret(LastToken(s)) != want {
			t.Errorf("IsSecret(%q): got %t", s, got)
		}
	})
}
