package diff

import (
	"fmt"
	"testing"
)

// TestIgnoreOperations leaves out exchanges that only one session has, or in another order.
func TestIgnoreOperations(t *testing.T) {
	a := session(t, "a", recorded(t, "docker-28.har"))
	b := session(t, "b", recorded(t, "docker-28.har"))
	b.Exchanges = b.Exchanges[:len(b.Exchanges)-1] // the last is missing
	operation := a.Exchanges[len(a.Exchanges)-1].Operation()
	if r := Compare(a, b, Options{}); r.Count(Missing) != 1 {
		t.Fatalf("%d are missing", r.Count(Missing))
	}
	for _, sides := range [][2]*Session{{a, b}, {b, a}} {
		r := Compare(sides[0], sides[1], Options{Ignore: []string{operation + ":*", "NoSuch:*"}})
		if r.Differs() || fmt.Sprint(r.Unused) != "[NoSuch:*]" {
			t.Errorf("%v is told, and that nothing met %v", r.Items, r.Unused)
		}
	}
}
