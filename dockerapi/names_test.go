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

// TestRoute asks by name for each operation that a request can be for, of which some share
// a name.
func TestRoute(t *testing.T) {
	shared := 0
	for _, op := range Operations() {
		if Named(op.Name) != op {
			shared++
		}
		target := example(op, "abc")
		if call, ok := Match(op.Method, target); ok && call.Op == op && Route(op.Name, op.Method, target) != op {
			t.Errorf("%s %s: %+v", op.Method, target, Route(op.Name, op.Method, target))
		}
		if got := Route(op.Name, "GET", "/of/nothing"); got != Named(op.Name) {
			t.Errorf("%s, of no path: %+v", op.Name, got)
		}
	}
	if shared == 0 {
		t.Error("no name is that of several")
	}
	if Route("Nothing", "GET", "/_ping") != nil {
		t.Error("an operation of no name")
	}
}
