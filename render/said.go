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
