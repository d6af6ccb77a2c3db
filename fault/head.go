package fault

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// maxMethod is how long methods are: no daemon has longer ones.
const maxMethod = 32

// opening is the beginning of a request, as its bytes come: each is looked at once, however they are
// cut.
type opening struct {
	at      int64 // where it begins, in what the client sends
	seen    int   // bytes
	empty   int   // of them, those of empty lines before the first
	line    blank
	request bool // the first line is whole, and is one of HTTP/1
}

// lacks reports whether b, which is what there is of it, is the beginning of a request of HTTP/1 whose
// head is not whole. A line that is whole has to say so: who speaks something else may wait for an
// answer to it.
func (o *opening) lacks(b []byte) bool {
	more := b[o.seen:]
	if o.empty == o.seen {
		line := bytes.TrimLeft(more, "\r\n")
		o.empty += len(more) - len(line)
		more = line
	}
	o.seen = len(b)
	if o.line.behind(more) < len(more) || o.line.is {
		return false // it is whole, and no request to those who read it
	}
	if o.request {
		return true
	}
	line, _, whole := bytes.Cut(b[o.empty:], []byte("\n"))
	method, rest, _ := bytes.Cut(line, []byte(" "))
	if len(method) > maxMethod || bytes.ContainsFunc(method, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return false
	}
	if !whole {
		return true
	}
	version := bytes.TrimSpace(rest[bytes.LastIndexByte(rest, ' ')+1:])
	o.request = bytes.HasPrefix(version, []byte("HTTP/1."))
	return o.request
}

// blank finds the end of a head, however it is cut.
type blank struct {
	begins bool // a line begins
	is     bool // the line that has just ended was empty
}

// behind returns where in data the first empty line ends; its length, if there is none.
func (l *blank) behind(data []byte) int {
	for i, b := range data {
		l.is = l.begins && b == '\n'
		switch b {
		case '\n':
			l.begins = true
		case '\r':
		default:
			l.begins = false
		}
		if l.is {
			l.begins = false
			return i + 1
		}
	}
	return len(data)
}

// framing is what the head of a request says of what comes behind it.
type framing struct {
	empty  bool // it has no body, and asks for no other protocol
	waits  bool // an answer has to come first
	closes bool // nothing may come behind that answer
	// It asks for another protocol. Daemons do not say then that they close the connection, and
	// the docker CLI 20.10 takes an answer that says so for the stream (ErrPersistEOF of
	// client/hijack.go).
	switches bool
}

// framingOf reads the fields of a request (RFC 9112, sections 6.3 and 9.3).
func framingOf(q *wire.Request) framing {
	length := wire.FieldValue(q.Fields, "Content-Length")
	chunked := wire.HasField(q.Fields, "Transfer-Encoding")
	call, _ := dockerapi.Match(q.Method, q.Target)
	switches := q.Method == "CONNECT" || wire.HasField(q.Fields, "Upgrade") || call.Hijacks()
	asks := strings.EqualFold(wire.FieldValue(q.Fields, "Expect"), "100-continue")
	bodiless := !chunked && strings.Trim(length, "0") == ""
	connection, _ := wire.JoinedValues(q.Fields, "Connection")
	connection = strings.ToLower(connection)
	last := strings.Contains(connection, "close") || q.Version != "HTTP/1.1" && !strings.Contains(connection, "keep-alive")
	return framing{
		empty:  bodiless && !switches,
		waits:  switches || asks && !bodiless,
		closes: last || switches || asks && !bodiless,

		switches: switches,
	}
}
