package wire

import "testing"

func TestKinds(t *testing.T) {
	seen := make(map[string]bool)
	for k := range KindCount {
		name := k.String()
		if name == "" || seen[name] {
			t.Errorf("kind %d is called %q", k, name)
		}
		seen[name] = true
		if got, ok := KindNamed(name); got != k || !ok {
			t.Errorf("%s: found as %v, %t", name, got, ok)
		}
	}
	if _, ok := KindNamed("unknown"); ok || KindCount.String() != "unknown" || KindCount.Framed() {
		t.Error("there is a kind beyond the last")
	}
}
