package serve

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// maxMisses is how many misses are told apart; others are counted together.
const maxMisses = 200

// Report is what a Server has done so far.
type Report struct {
	Answered int64  // requests with an answer of the recording
	Missed   int64  // requests without, and streams whose input was another
	Misses   []Miss // the first of them, in the order in which they came
	Others   int64  // of Missed: those that are not among Misses
	// Waits are streams that ended while they waited for a request that nobody had made, by
	// what they were and what that was: operations, or methods and paths.
	Waits map[Wait]int64
	// OtherWaits are such streams that are not among Waits.
	OtherWaits int64
}

// Wait is a stream, and the request that it waited for.
type Wait struct{ Stream, For string }

// maxWaits is how many of them are told apart.
const maxWaits = 100

// reporter collects a Report. Its methods may be called concurrently.
type reporter struct {
	start  time.Time
	mu     sync.Mutex
	report Report
	at     map[[2]string]int // of Misses, by request and why
}

func newReporter(start time.Time) *reporter {
	return &reporter{start: start, at: make(map[[2]string]int), report: Report{Waits: make(map[Wait]int64)}}
}

// waited counts a stream that ended while it waited for c.
func (r *reporter) waited(e, c *exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := Wait{e.name(), c.name()}
	if _, known := r.report.Waits[w]; !known && len(r.report.Waits) == maxWaits {
		r.report.OtherWaits++
		return
	}
	r.report.Waits[w]++
}

func (r *reporter) answered() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Answered++
}

// missed counts a miss that came at now.
func (r *reporter) missed(m Miss, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Missed++
	key := [2]string{m.Request, m.Why}
	if i, known := r.at[key]; known {
		r.report.Misses[i].Times++
		return
	}
	if len(r.report.Misses) == maxMisses {
		r.report.Others++
		return
	}
	m.Times, m.After = 1, now.Sub(r.start)
	r.at[key] = len(r.report.Misses)
	r.report.Misses = append(r.report.Misses, m)
}

// sum returns the report so far.
func (r *reporter) sum() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := r.report
	sum.Misses = slices.Clone(r.report.Misses)
	sum.Waits = maps.Clone(r.report.Waits)
	return sum
}
