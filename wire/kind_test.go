package wire

import "testing"

func TestKinds(t *testing.T) {
	names, seen := "", make(map[string]bool)
	for k := range KindCount {
		name := k.String()
		if names += " " + name; k.Framed() {
			names += "*"
		}
		if name == "" || seen[name] {
			t.Errorf("kind %d is called %q", k, name)
		}
		seen[name] = true
		if got, ok := KindNamed(name); got != k || !ok {
			t.Errorf("%s: found as %v, %t", name, got, ok)
		}
	}
	if want := " none binary multiplexed parts tar raw json* text terminal stdin stdout* stderr* systemerr* websocket* grpc* entry*"; names != want {
		t.Errorf("got%s", names)
	}
	for k := range KindCount {
		if k.IsJSON() != (k == KindJSON || k == KindGRPC || k == KindEntry) {
			t.Errorf("%s is JSON: %t", k, k.IsJSON())
		}
	}
	if _, ok := KindNamed("unknown"); ok || KindCount.String() != "unknown" || KindCount.Framed() {
		t.Error("there is a kind beyond the last")
	}
}
