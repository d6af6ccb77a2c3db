package serve

import (
	"strconv"
	"testing"
	"time"
)

// TestReportBounds: of what there is too much it is counted how much.
func TestReportBounds(t *testing.T) {
	r := newReporter(time.Unix(0, 0))
	waits := func(n int) *exchange { return &exchange{op: "Op" + strconv.Itoa(n)} }
	const more = 7
	for range 2 {
		for i := range maxMisses + more {
			r.missed(Miss{Request: "GET /" + strconv.Itoa(i), Why: "not recorded"}, time.Unix(int64(i), 0))
		}
		for i := range maxWaits + more {
			r.waited(waits(i), waits(0))
		}
	}
	sum := r.sum()
	if sum.Missed != 2*(maxMisses+more) || len(sum.Misses) != maxMisses || sum.Others != 2*more {
		t.Errorf("%d missed, %d told apart, %d others", sum.Missed, len(sum.Misses), sum.Others)
	}
	if m := sum.Misses[3]; m.Times != 2 || m.After != 3*time.Second {
		t.Errorf("got %+v", m)
	}
	if n := sum.Waits[Wait{"Op3", "Op0"}]; n != 2 || len(sum.Waits) != maxWaits || sum.OtherWaits != 2*more {
		t.Errorf("%d waits told apart, one of them %d times, %d others", len(sum.Waits), n, sum.OtherWaits)
	}
}
