package flow

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestEndsMeanwhile: whenever an exchange ends, it is not told as open behind that.
func TestEndsMeanwhile(t *testing.T) {
	c, other := dial(1), dial(2)
	all := snapshot{{Meta: at(c, 1, 0, 0, 0)}, {Meta: at(c, 2, 0, 0, 0)}, {Meta: at(other, 1, 0, 0, 0)}}
	var p pendingTick
	p.ended(&all[1]) // nothing is on its way
	if _, ok := p.make(); !ok {
		t.Fatal("there is a tick")
	}
	if _, ok := p.make(); ok {
		t.Error("two ticks")
	}
	if _, _, ok := p.take(); ok {
		t.Error("taken before it waits")
	}
	first, last := all[0], all[2]
	p.ended(&first)
	p.wait(after(1), all)
	p.ended(&wire.Exchange{Meta: at(c, 7, 0, 0, 0)})
	p.ended(&last)
	now, open, ok := p.take()
	if !ok || !now.Equal(after(1)) || len(open) != 1 || open[0].Conn != c || open[0].Exchange != 2 {
		t.Errorf("%v, %v, %+v", now, ok, open)
	}
	p.done()
	if _, ok := p.make(); !ok || len(p.over) > 0 {
		t.Error("not ready for the next")
	}
}
