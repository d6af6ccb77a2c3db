package filter

import "github.com/socktrace/socktrace/wire"

// facts are what is known of an exchange for good.
type facts uint8

const (
	requestHead facts = 1 << iota
	responseHead
	subjectID
	subjectName
	subjectContainer
	theEnd
	everything = 1<<iota - 1
)

// known returns what is known of x when ev was seen, which belongs to it.
func known(ev wire.Event, x *wire.Exchange) facts {
	if _, last := ev.(*wire.Exchange); last {
		return everything
	}
	var f facts
	if x.Request != nil {
		f = requestHead | ofSubject(&x.Subject)
	}
	if x.Response != nil {
		f |= responseHead
	}
	return f
}

// ofSubject returns what is known of the subject, whose type is known with the
// request: what it has, and what things of its type never have. The rest may be told
// by the response.
func ofSubject(s *wire.Subject) (f facts) {
	if s.ID != "" || s.Type == "" {
		f |= subjectID
	}
	if s.Name != "" || s.Type == "" {
		f |= subjectName
	}
	if s.Container != "" || s.Type != "exec" {
		f |= subjectContainer
	}
	return f
}
