package intercept

import (
	"context"
	"os"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestRoom lets as many in as there is room for, and the next when one has left.
func TestRoom(t *testing.T) {
	r := &room{limit: 32, taken: make(chan struct{}, 2)}
	full := make(chan error, 10)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	r.enter(ctx, func(err error) { full <- err })
	r.enter(ctx, func(err error) { full <- err })
	if len(full) > 0 {
		t.Fatal("it is said to be full")
	}
	in := make(chan bool)
	go func() {
		r.enter(ctx, func(err error) { full <- err })
		in <- true
	}()
	const want = "accept: too many open files: clients wait until others have gone (ulimit -n is 32)"
	if err := <-full; err.Error() != want {
		t.Errorf("got %v", err)
	}
	select {
	case <-in:
		t.Fatal("there is no room")
	default:
	}
	r.leave()
	<-in
	stop()
	r.enter(ctx, func(error) {}) // nobody waits at the end
}

// TestPlaces leaves something for all else, and always has room for one.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ free, each, want int }{
		{1000, 2, 496}, {1001, 2, 496}, {1002, 2, 497}, {1000, 5, 198}, {12, 2, 2}, {11, 2, 1}, {9, 2, 1}, {8, 2, 1}, {0, 2, 1}, {-30, 1, 1},
		{8 + 1<<20, 1, 1 << 20}, {7 + 1<<20, 1, 1<<20 - 1}, {1 << 30, 1, 1 << 20}, {1 << 30, 5, 1 << 20},
	} {
		if got := places(c.free, c.each); got != c.want {
			t.Errorf("%d places of %d in %d, want %d", got, c.each, c.free, c.want)
		}
	}
}

// TestRoomSize goes by the limit and by what is open.
func TestRoomSize(t *testing.T) {
	limit, ok := descriptorLimit()
	if !ok {
		need.Skip(t, "limits", "no limit is known here")
	}
	r := newRoom(2)
	if n := cap(r.taken); n < 1 || n > 1 && 2*n > limit-8 || limit < 1<<20 && 2*n < limit/2 {
		t.Errorf("room for %d connections under a limit of %d", n, limit)
	}
	if n := cap(newRoom(limit).taken); n != 1 {
		t.Errorf("room for %d connections that take all", n)
	}
	if n := cap(r.taken); n < 1<<20 { // it goes by what is open
		for range 64 {
			f, err := os.Open(os.DevNull)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
		}
		if now := cap(newRoom(2).taken); now > max(n-16, 1) {
			t.Errorf("room for %d connections, and with 64 files more for %d", n, now)
		}
	}
	new(room).enter(context.Background(), func(error) { t.Error("it has no bound") })
	new(room).leave()
}
