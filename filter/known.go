package filter

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// facts are what is known of an exchange for good.
type facts uint8

const (
	requestHead facts = 1 << iota
	responseHead
	subjectType
	subjectID
	subjectName
	subjectContainer
	theEnd
	everything   = 1<<iota - 1
	wholeSubject = subjectType | subjectID | subjectName | subjectContainer
)

// known returns what is known of x when ev was seen, which belongs to it.
func known(ev wire.Event, x *wire.Exchange) facts {
	if _, last := ev.(*wire.Exchange); last {
		return everything
	}
	var f facts
	if x.Request != nil {
		f = requestHead | ofSubject(x)
	}
	if x.Response != nil {
		f |= responseHead
	}
	return f
}

// ofSubject returns what is known of the subject of x, whose request is: what nothing
// replaces that may come yet. A recording has the last word of all of it, at the end.
func ofSubject(x *wire.Exchange) (f facts) {
	if x.Conn != nil && x.Conn.Recalled {
		return 0
	}
	s, op := &x.Subject, dockerapi.Named(x.Request.Call.Operation)
	described := describes(op)
	if s.Type == "" {
		if !described && !unnamed(x) && (op == nil || op.Tells&dockerapi.InRequest == 0) {
			f = wholeSubject // it is about nothing
		}
		return f
	}
	f = subjectType
	if s.ID != "" && !described {
		f |= subjectID
	}
	if s.Name != "" && !described {
		f |= subjectName
	}
	if s.Container != "" || s.Type != "exec" {
		f |= subjectContainer
	}
	return f
}

// unnamed reports whether x is a call of gRPC whose first message, which has not come,
// may name what it is about.
func unnamed(x *wire.Exchange) bool {
	_, is := x.GRPC()
	return is && x.Messages[wire.ToServer] == 0 && x.RequestBody == nil && dockerapi.TellsCall(x.Request.Target)
}

// describes reports whether the response to op may be a document of what that is
// about, which has its id, and its name: what a request calls it may be the beginning
// of either. A list is of others; so is what comes of something that goes on.
func describes(op *dockerapi.Operation) bool {
	return op != nil && op.Tells&dockerapi.InResponse != 0 && op.Response == dockerapi.JSON && op.Waiting != dockerapi.Waits && !op.Lists()
}
