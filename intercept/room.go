package intercept

import (
	"context"
	"fmt"
	"os"
	"syscall"
)

// room is how many connections may be open at once, as the limit for descriptors
// has it. Who comes when it is full waits in the kernel, as at a busy daemon: had
// each client's end been accepted, there would be no descriptor left to connect any
// of them to the upstream, and all would wait for each other.
type room struct {
	limit int           // for descriptors
	taken chan struct{} // one for each connection; nil: there is no bound
}

// spareDescriptors is how many are left for all else: to start a command, to ask
// who is at the other end, for another file of a recording.
const spareDescriptors = 8

// newRoom returns the room for connections that take each descriptors.
func newRoom(each int) *room {
	limit, ok := descriptorLimit()
	if !ok {
		return new(room)
	}
	const assumed = 16 // open, where the system does not tell
	open := assumed
	if names, err := os.ReadDir("/dev/fd"); err == nil {
		open = len(names)
	}
	return &room{limit, make(chan struct{}, places(limit-open, each))}
}

// places returns how many connections there is room for that take each descriptors,
// where free are left: at least one, which may fail, and no more than are ever open.
func places(free, each int) int {
	return min(max((free-spareDescriptors)/each, 1), 1<<20)
}

// enter takes the place of a connection. Before it waits for one it calls full.
func (r *room) enter(ctx context.Context, full func(error)) {
	if r.taken == nil {
		return
	}
	select {
	case r.taken <- struct{}{}:
		return
	default:
	}
	full(fmt.Errorf("accept: %w: clients wait until others have gone (ulimit -n is %d)", syscall.EMFILE, r.limit))
	select {
	case r.taken <- struct{}{}:
	case <-ctx.Done():
	}
}

// leave gives the place back.
func (r *room) leave() {
	if r.taken != nil {
		<-r.taken
	}
}
