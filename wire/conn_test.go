package wire

import "testing"

// TestOutermost finds the connection that carries all others.
func TestOutermost(t *testing.T) {
	outer := &Conn{ID: 1}
	tunnel := &Conn{ID: 2, Parent: Parent{Conn: outer, Exchange: 1}}
	inner := &Conn{ID: 3, Parent: Parent{Conn: tunnel, Exchange: 1}}
	for _, c := range []*Conn{outer, tunnel, inner} {
		if c.Outermost() != outer {
			t.Errorf("%d is carried by %d", c.ID, c.Outermost().ID)
		}
	}
	if (*Conn)(nil).Outermost() != nil {
		t.Error("no connection is carried by one")
	}
}
