package dockerapi

import "testing"

// TestIsPing: both operations that ask what a daemon is are, and no other.
func TestIsPing(t *testing.T) {
	for _, name := range append(Names(), "", "SystemPings") {
		want := name == "SystemPing" || name == "SystemPingHead"
		if got := IsPing(name); got != want {
			t.Errorf("%q: got %t", name, got)
		}
	}
}
