package otlp

import (
	"sync"
	"time"
)

// Bounds of what is known of lines and spans that wait for each other.
const (
	maxWaitingLines = 4 << 20 // bytes
	maxEndedSpans   = 4096    // of exchanges that have ended
	perLine         = 128     // about what a line needs beside its bytes
	lineDelay       = 10 * time.Second
)

// Audit makes log records of the lines of an audit, each with the span of its exchange. The
// audit may tell a line before the Sink has the exchange: so it waits for the span, for some
// time, or is sent without. Its methods may be called by several goroutines.
type Audit struct {
	log func(message []byte)

	mu      sync.Mutex // guards what follows
	spans   map[auditKey]spanContext
	ended   [maxEndedSpans]auditKey
	next    int // place in ended
	waiting map[auditKey][]auditLine
	held    int // bytes of the lines that wait
	closed  bool
}

// auditLine is a record that waits for its span.
type auditLine struct {
	record []byte
	since  time.Time
}

// NewAudit returns an Audit whose records log is given, by whoever calls it.
func NewAudit(log func(message []byte)) *Audit {
	return &Audit{log: log, spans: make(map[auditKey]spanContext), waiting: make(map[auditKey][]auditLine)}
}

// Line has a line sent, which it copies.
func (a *Audit) Line(line []byte) {
	now := time.Now()
	record, key := appendAudit(make([]byte, 0, len(line)+1<<11), line, now)
	if key.exchange > 0 {
		a.mu.Lock()
		c, known := a.spans[key]
		if size := perLine + cap(record); !known && !a.closed && a.held+size <= maxWaitingLines {
			a.waiting[key] = append(a.waiting[key], auditLine{record, now})
			a.held += size
			a.mu.Unlock()
			return
		}
		a.mu.Unlock()
		if known {
			record = appendLogSpan(record, &c)
		}
	}
	a.log(record)
}

// placed says which span an exchange has.
func (a *Audit) placed(key auditKey, c spanContext) {
	c.state = ""
	a.mu.Lock()
	a.spans[key] = c
	lines := a.take(key)
	a.mu.Unlock()
	for _, l := range lines {
		a.log(appendLogSpan(l.record, &c))
	}
}

// take takes out the lines that wait for a span.
func (a *Audit) take(key auditKey) []auditLine {
	lines := a.waiting[key]
	delete(a.waiting, key)
	for i := range lines {
		a.held -= perLine + cap(lines[i].record)
	}
	return lines
}

// over forgets the span of an exchange that has ended, when many others have.
func (a *Audit) over(key auditKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.spans[key]; !known {
		return
	}
	delete(a.spans, a.ended[a.next])
	a.ended[a.next] = key
	a.next = (a.next + 1) % maxEndedSpans
}

// give has lines sent that have waited since before a time.
func (a *Audit) give(before time.Time) {
	a.mu.Lock()
	var late []auditLine
	for key, lines := range a.waiting {
		if lines[0].since.Before(before) {
			late = append(late, a.take(key)...)
		}
	}
	a.mu.Unlock()
	for _, l := range late {
		a.log(l.record)
	}
}

// close has all lines sent; later ones do not wait.
func (a *Audit) close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.give(time.Now().Add(time.Hour))
}
