package render

import (
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// What is said in words of ours stands behind this mark, so that it is never taken for
// traffic:
//
//	1.2    # Creates a container from an image, without starting it.
//	1.2    > POST /v1.41/containers/create
//	1.2    < 404 Not Found · 2.28 ms   No such image: nosuch:1
//	1.2    # 404: The image is not there.
//	1.2    # try: docker pull gets it; docker images lists those that are there
const saidMark = '#'

// sentences adds lines of text behind the prefix, broken between words. Quotes of the
// traffic in it are escaped.
func (p *page) sentences(text string) {
	room := min(p.room(longestLine), longestLine)
	for _, line := range brokenAtWords(text, room, room) {
		p.text(roleFaint, line)
		p.end()
	}
}

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

// said shows what there is to say of an exchange, below its line.
func (c *compact) said(x *wire.Exchange) {
	if x.Said == nil {
		return
	}
	c.below()
	c.sentences(x.Said.Asks)
	for _, line := range explain.Lines(x.Said.Answer) {
		c.sentences(line)
	}
}

// story shows what the connections of a client were for.
func (c *compact) story(s *wire.Story) {
	c.below()
	c.sentences(explain.Tell(s))
}

// below begins lines that are about the one before.
func (c *compact) below() {
	c.prefix = appendSpaces(c.prefix[:0], clockColumns+2)
	c.prefix = append(c.colors.append(c.prefix, roleNote, string(saidMark)), ' ')
	c.before = columns(c.prefix)
}

// said writes what there is to say of an exchange.
func (o *object) said(s *wire.Said) {
	if s == nil || s.Asks == "" && s.Answer == nil {
		return
	}
	o.Open("explain", '{')
	o.Optional("asks", s.Asks)
	if m := s.Answer; m != nil {
		o.Open("answer", '{')
		o.String("status", m.Status)
		o.Optional("means", m.Means)
		o.Optional("raises", m.Raises)
		o.Optional("prints", m.Prints)
		o.Optional("try", m.Try)
		o.Close('}')
	}
	o.Close('}')
}

// story writes what the connections of a client were for.
func (o *object) story(s *wire.Story) {
	if s == nil {
		return
	}
	o.Open("story", '{')
	o.String("text", explain.Tell(s))
	o.String("name", s.Name)
	o.Int("requests", int64(s.Requests))
	o.Count("calls", int64(s.Calls))
	o.Int("connections", int64(s.Conns))
	o.Millis("took_ms", s.Took)
	if s.Waited > 0 {
		o.Millis("waited_ms", s.Waited)
	}
	o.Optional("for", s.For)
	o.Close('}')
}
