package media

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxField is how many bytes of a line are looked at to see what it is: a field
// name, blanks, and how JSON begins.
const maxField = 64

// events takes apart server-sent events (HTML standard, section 9.2.5). The data of
// an event are a part if they are JSON, over all of its lines; all else is text.
type events struct {
	state   eventState
	in      bool // the event has JSON data, and has not ended
	partOf  Part
	partSet bool
}

type eventState uint8

const (
	lineStart eventState = iota
	inText               // in a line that is text
	inData               // in the JSON of a line
)

func (e *events) consume(to Taker, off int64, b []byte, end bool) int {
	n := 0
	for n < len(b) {
		rest, at := b[n:], off+int64(n)
		if e.state == lineStart {
			k, known := e.line(to, at, rest, end)
			if !known {
				break
			}
			n += k
			continue
		}
		k := e.rest(to, at, rest, end)
		if k == 0 {
			break
		}
		n += k
	}
	return n
}

// line sees what kind of line begins with b, and takes what comes before its data.
func (e *events) line(to Taker, off int64, b []byte, end bool) (n int, known bool) {
	field := []byte("data:")
	switch k := min(len(b), len(field)); {
	case b[0] == '\r' && len(b) == 1 && !end:
		return 0, false
	case b[0] == '\n' || b[0] == '\r':
		e.blank(to, off, b)
		return e.lineEnd(b), true
	case !bytes.Equal(b[:k], field[:k]):
		e.begin(to, Part{Type: plainText})
		e.state = inText
		return 0, true
	case k < len(field):
		return e.cutLine(to, end)
	}
	value := b[len(field):min(len(b), maxField)]
	ended := end || len(b) >= maxField
	if j := bytes.IndexAny(value, "\r\n"); j >= 0 {
		value, ended = value[:j], true
	}
	i := jsontext.Space(value, 0)
	json, certain := jsontext.Begins(value[i:])
	switch { // where nothing of the value has come, that may be JSON
	case e.in && i == len(value) && !ended:
		return 0, false
	case e.in, json && (certain || ended && i == len(value)-1):
		e.begin(to, Part{Role: Frame})
		to.Data(off, b[:len(field)+i])
		e.begin(to, Part{Type: oneJSON, Stream: true, More: e.in})
		e.in, e.state = true, inData
		return len(field) + i, true
	case !ended && json:
		return 0, false
	}
	e.begin(to, Part{Type: plainText})
	e.state = inText
	return 0, true
}

// The types of what is in events.
var (
	plainText = Type{Media: "text/x-event"}
	oneJSON   = Type{Media: "application/json"}
)

// cutLine takes a line of which too little has come to know it.
func (e *events) cutLine(to Taker, end bool) (n int, known bool) {
	if !end {
		return 0, false
	}
	e.begin(to, Part{Type: plainText})
	e.state = inText
	return 0, true
}

// begin begins a part, unless it goes on.
func (e *events) begin(to Taker, p Part) {
	if !e.partSet || e.partOf != p || p.Role != Content {
		e.partOf, e.partSet = p, true
		to.Part(p)
	}
}

// blank ends the event.
func (e *events) blank(to Taker, off int64, b []byte) {
	if e.in {
		e.in = false
		e.begin(to, Part{Role: Frame})
	}
	if !e.partSet {
		e.begin(to, Part{Type: plainText})
	}
	to.Data(off, b[:e.lineEnd(b)])
}

// lineEnd returns the size of the line end that b begins with.
func (e *events) lineEnd(b []byte) int {
	if b[0] == '\r' && len(b) > 1 && b[1] == '\n' {
		return 2
	}
	return 1
}

// rest takes the rest of a line, with its end.
func (e *events) rest(to Taker, off int64, b []byte, end bool) int {
	i := bytes.IndexAny(b, "\r\n")
	if i < 0 || b[i] == '\r' && i == len(b)-1 && !end {
		if i < 0 {
			i = len(b)
		}
		if i > 0 {
			to.Data(off, b[:i])
		}
		return i
	}
	e.state = lineStart
	n := i + e.lineEnd(b[i:])
	to.Data(off, b[:n])
	return n
}
