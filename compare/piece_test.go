package compare

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestFindMoment: what is quick finds the same as the pattern.
func TestFindMoment(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	parts := []string{"2024-01-02", "T", " ", "03:04:05", ".678", "Z", " UTC", "+02:00", "Mon", ",", "Jan", "2", "02", "2006", "About a", "About an", "Less than a", "12", "3.5", "second", "minutes", "ns", "µs", "us", "ms", "s", "x", "-", "_", "/"}
	found := 0
	for range 50_000 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		got, want := findMoment(b.String()), moment.FindStringIndex(b.String())
		if !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", b.String(), got, want)
		}
		if want != nil {
			found++
		}
	}
	if found < 2500 {
		t.Errorf("%d moments: the test is void", found)
	}
}
