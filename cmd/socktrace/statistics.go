package main

import (
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/stats"
)

// statistics are gathered while the traffic is shown, and shown behind it.
type statistics struct {
	sink   *stats.Sink
	text   func(*stats.Report) []byte
	breaks bool // what was seen would, with the engine that is asked about
}

// newStatistics has the book tell what is needed for them.
func newStatistics(book *flow.Book, o *options, ro render.Options) *statistics {
	s := &statistics{sink: stats.New()}
	book.Add("the statistics", s.sink, flow.Delivery{})
	s.text = func(r *stats.Report) []byte {
		table := o.commented(render.Stats(r, ro))
		if o.quiet {
			return table
		}
		return append([]byte{'\n'}, table...)
	}
	if o.format == "jsonl" {
		s.text = render.StatsJSON
	}
	if o.engine != nil {
		s.text = func(r *stats.Report) (text []byte) {
			if o.format == "jsonl" {
				text, s.breaks = render.StatsEngineJSON(r, *o.engine)
			} else {
				text, s.breaks = render.StatsEngine(r, *o.engine, ro)
			}
			return text
		}
	}
	return s
}

// showStats writes the statistics, if they are wanted and the output takes
// something. It reports whether that has not stalled.
func (t *trace) showStats() bool {
	if t.stats == nil || !t.writable() {
		return true
	}
	var err error
	write := func() { _, err = t.out.Write(t.stats.text(t.stats.sink.Report())) }
	if t.unhurried {
		write()
	} else if !endsWithin(endGrace, write) {
		t.tellStalled()
		return false
	}
	if err != nil {
		t.failed(liveOutput, err)
	}
	return true
}
