package render

import (
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// said shows what there is to say of an exchange, below its line.
func (r *row) said(x *wire.Exchange) {
	if x.Said == nil {
		return
	}
	r.saying()
	r.sentences(x.Said.Asks)
	for _, line := range explain.Lines(x.Said.Answer) {
		r.sentences(line)
	}
}

// story shows what the connections of a client were for.
func (r *row) story(s *wire.Story) {
	r.saying()
	r.sentences(explain.Tell(s))
}

// saying begins lines that are about the one before.
func (r *row) saying() {
	r.prefix = appendSpaces(r.prefix[:0], clockColumns+2)
	r.prefix = append(r.colors.append(r.prefix, roleNote, string(saidMark)), ' ')
	r.before = columns(r.prefix)
}
