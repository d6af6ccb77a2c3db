package serve

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// TestGiveUp ends a call that nobody waits for any longer, once, and one that is over not.
func TestGiveUp(t *testing.T) {
	c, d := &exchange{answer: answer{over: 5}}, &exchange{answer: answer{over: 6}}
	r := newReturns(&Script{exchanges: []*exchange{{calls: []*exchange{c, d}}}})
	ended := 0
	r.whenLate(c, func() { ended++ })
	r.whenLate(d, func() { ended++ })()
	if open := r.between(nil, 0, 5); len(open) != 1 || open[0] != c {
		t.Errorf("%d calls are open", len(open))
	}
	r.giveUp(c)
	r.giveUp(d)
	if err := r.await(context.Background(), nil, 0, 10); err != nil || ended != 1 {
		t.Errorf("%v, ended %d", err, ended)
	}
}

// TestGiveUpFree ends the calls that may be part of any build, and none of a session that a build names:
// one client's build that is refused is no end of another's.
func TestGiveUpFree(t *testing.T) {
	free, own := &exchange{}, &exchange{}
	r := newReturns(&Script{exchanges: []*exchange{{calls: []*exchange{free}}, {calls: []*exchange{own}, named: true}}})
	r.giveUpFree()
	if !r.isDone(free) || r.isDone(own) {
		t.Errorf("over are %v, of a session with a name %v", r.isDone(free), r.isDone(own))
	}
}

// TestSessionRefused has a build that is not recorded: the daemon asks its client for nothing.
func TestSessionRefused(t *testing.T) {
	d := serving(t, shared(t), Options{Speed: Max})
	end := offer(t, d.dialer(), func(http.ResponseWriter, *http.Request) { t.Error("it asks") })
	client := calling(t, d.dialer())
	if got := solve.with(`{"Frontend":"other.v0"}`).do(t, client); !strings.HasPrefix(got, "12 ") {
		t.Error(got)
	}
	end()
	d.leaves(client)
}
