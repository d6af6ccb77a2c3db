package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/plural"
)

// defaultMemory is how much memory the program stays below, and leastMemory the
// least that can be asked for: it needs some to be of use.
const (
	defaultMemory = 256 << 20
	leastMemory   = 32 << 20
)

// How --max-memory is divided. The program itself has its own, which the collector
// does not see; some is for what comes and goes, such as a head that becomes text.
// Half of the rest is for what decoders and the book hold of all connections, the
// other half for what is named here, and for garbage.
const (
	ownShare    = 8 // an eighth, but at least:
	ownMemory   = 36 << 20
	passing     = 32 << 20
	spoolShare  = 4  // what waits for recordings that stall
	packetShare = 8  // packets that wait for others
	noteShare   = 16 // messages that wait for their entry in a HAR file
	queueShare  = 32 // events that wait for the live output

	sessionShare = 4  // of what the program does not need itself: a session that is compared
	leastShare   = 32 // of all
)

// largeBodies is how many times --max-body there must be beside what is usual,
// unless --max-memory says otherwise: a body is there as it came, masked, and as
// text, and nobody has more than half of what may be held.
const largeBodies = 12

// perProcessor is how much memory there must be for each processor: what comes and goes is
// there as many times as events are dealt with at once.
const perProcessor = 48 << 20

// limitMemory has the collector keep the bound, and no more be done at once than there is
// memory for. It returns what may be held.
func (o *options) limitMemory() *memory.Budget {
	debug.SetMemoryLimit(max(o.memory()-o.ownMemory(), o.memory()*7/16))
	if most := int(max(o.memory()/perProcessor, 1)); most < runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(most)
	}
	return memory.New(o.heldMemory())
}

func (o *options) ownMemory() int64  { return max(o.memory()/ownShare, ownMemory) }
func (o *options) heldMemory() int64 { return max((o.memory()-o.ownMemory()-passing)/2, o.memory()/8) }

// memory is what --max-memory says, or what else was asked for needs.
func (o *options) memory() int64 {
	if o.memoryGiven == nil || !o.memoryGiven() {
		return max(defaultMemory, largeBodies*int64(o.maxBody)+defaultMemory/4, spoolShare*o.spools()*int64(o.spool))
	}
	return int64(o.maxMemory)
}

// sessionMemory is how much is kept of a session that is compared with another, beside the program
// itself: two are. Where that takes all there is, it is little.
func (o *options) sessionMemory() int {
	return int(max((o.memory()-o.ownMemory())/sessionShare, o.memory()/leastShare))
}

// spools returns how many recordings may stall.
func (o *options) spools() (n int64) {
	for _, file := range []string{o.har, o.pcapng} {
		if file != "" {
			n++
		}
	}
	return n
}

// spoolMemory is how much may wait for a recording that stalls: nothing if the
// source waits instead.
func (o *options) spoolMemory(src source) int64 {
	if src.unhurried || o.spools() == 0 {
		return 0
	}
	return min(int64(o.spool), o.memory()/spoolShare/o.spools())
}

func (o *options) packetMemory() int { return int(o.memory() / packetShare) }
func (o *options) noteMemory() int64 { return o.memory() / noteShare }
func (o *options) queueMemory() int  { return int(o.memory() / queueShare) }

// missed says how much of the traffic was left out since it did not fit, as far as
// it was measured; nil if all did.
func missed(m *memory.Budget) error {
	times, bytes := m.Missed()
	if times == 0 {
		return nil
	}
	return fmt.Errorf("the memory for what is held was spent: %s cut, of %s at least (--max-memory SIZE keeps more)",
		plural.Of(times, "part"), plural.Of(bytes, "byte"))
}
