package flow

import "time"

// Delivery says how a sink gets its events. The zero value is directly: whoever
// has the event calls the sink, before the bytes go on.
type Delivery struct {
	// Alone says that there is one source, which calls Event in one goroutine: the
	// sink is called without a lock, and must be no Ticker. Sinks that are
	// Concurrent need none in any case.
	Alone bool
	// Queued puts a bounded queue before the sink, and a goroutine: traffic never
	// waits for it. What does not fit is left out, counted, and told by a Dropped
	// event in its place.
	Queued bool
	Block  bool          // of a queue: wait for room instead of leaving events out
	Events int           // most events in it; 0 is 4096
	Bytes  int           // most memory that they need; 0 is 8 MiB; one larger event may be in an empty queue
	Grace  time.Duration // how long Close waits for an output that does not move; 0 is 2 s
}

// withDefaults fills in what is not set.
func (d Delivery) withDefaults() Delivery {
	if d.Events <= 0 {
		d.Events = 4096
	}
	if d.Bytes <= 0 {
		d.Bytes = 8 << 20
	}
	if d.Grace <= 0 {
		d.Grace = 2 * time.Second
	}
	return d
}
