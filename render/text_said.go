package render

import (
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// asks shows what a request is for, before it.
func (t *text) asks(ev *wire.Request, x *wire.Exchange) {
	if x == nil || x.Said == nil || x.Said.Asks == "" {
		return
	}
	t.mark(&ev.Meta, saidMark, roleNote)
	t.sentences(x.Said.Asks)
}

// means shows what an answer means, behind all of it.
func (t *text) means(x *wire.Exchange) {
	if x.Said == nil {
		return
	}
	t.mark(&x.Meta, saidMark, roleNote)
	for _, line := range explain.Lines(x.Said.Answer) {
		t.sentences(line)
	}
}

// ofStory is the section of a line about several connections.
var ofStory = section{conn: -2}

// story shows what the connections of a client were for.
func (t *text) story(ev *wire.Close) {
	if ev.Story == nil {
		return
	}
	if t.at != (section{}) && t.at != ofStory {
		t.out = append(t.out, '\n')
	}
	t.at = ofStory
	t.prefix = appendSpaces(t.prefix[:0], idColumns+1)
	t.prefix = append(t.colors.append(t.prefix, roleNote, string(saidMark)), ' ')
	t.before = columns(t.prefix)
	t.sentences(explain.Tell(ev.Story))
}
