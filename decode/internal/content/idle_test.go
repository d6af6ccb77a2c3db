package content

import "testing"

// TestIdle uses decoders again, without what they had, and keeps few, and little memory.
func TestIdle(t *testing.T) {
	c := Call{Variant: GRPC, Idle: new(Idle)}
	var all []*grpc
	for n := range maxIdle + 1 {
		g := NewGRPC(c, Limits{}).(*grpc)
		g.size, g.told, g.json = 5, true, make([]byte, 3, maxIdleJSON+n%2)
		all = append(all, g)
	}
	for _, g := range all {
		g.retire()
	}
	if n := len(c.Idle.contents); n != maxIdle {
		t.Errorf("%d are kept, want %d", n, maxIdle)
	}
	for n := maxIdle - 1; n >= 0; n-- {
		g := NewGRPC(c, Limits{}).(*grpc)
		if g != all[n] || g.size != 0 || g.told || len(g.json) != 0 || g.call.Idle != c.Idle {
			t.Errorf("decoder %d is not used again as a new one: %+v", n, g)
		}
		if want := (1 - n%2) * maxIdleJSON; cap(g.json) != want {
			t.Errorf("decoder %d has memory for %d bytes, want %d", n, cap(g.json), want)
		}
	}
	if g := NewGRPC(c, Limits{}).(*grpc); g == all[maxIdle] {
		t.Error("one more is kept")
	}
	c.Idle = nil
	NewGRPC(c, Limits{}).(*grpc).retire()
}
