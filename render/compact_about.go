package render

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/shortid"
	"github.com/socktrace/socktrace/wire"
)

// Columns to which what says what an exchange is may be cut.
const (
	operationColumns = 20 // also of those that are shorter: what follows stands in line
	leastOperation   = 8
	leastMethod      = 4
	leastTarget      = 8
	leastPath        = 24 // of a target that is told beside an operation
	leastSubject     = 6
	clientsFrom      = 100 // columns that a terminal has that shows clients: there is room on every line
)

// about makes the parts that say what an exchange is: its operation, or else what was
// asked for in so many words, and its subject.
func (r *row) about(x *wire.Exchange) {
	switch q := x.Request; {
	case q == nil:
		r.own(roleAnomaly, "(request not seen)")
		r.part(part{})
	case q.Call.Operation == "":
		r.asked(q, part{cutTo: leastTarget})
	default:
		r.text(roleOperation, q.Call.Operation)
		r.part(part{pad: operationColumns, cutTo: leastOperation})
	}
	r.subject(x)
}

// known says whether the operation of an exchange is known.
func known(x *wire.Exchange) bool { return x.Request != nil && x.Request.Call.Operation != "" }

// asked makes parts of method and target, which is special as p says.
func (r *row) asked(q *wire.Request, p part) {
	r.text(roleMethod, q.Method)
	r.part(part{cutTo: leastMethod, spare: p.spare})
	r.target = withMarks(q.Target)
	r.shortened(plain, r.target)
	p.gap, p.target = blank, true
	r.part(p)
}

// subject makes parts of what the exchange is about, as people call it.
func (r *row) subject(x *wire.Exchange) {
	s := &x.Subject
	id := shortid.Of(s.ID)
	r.shortened(plain, subjectWords(s))
	if at := inContainer(x); at != "" {
		r.own(plain, ":")
		r.shortened(plain, at)
	}
	r.part(part{cutTo: leastSubject, below: true})
	if r.ended > r.begun && creates(x) && s.Name+s.Container != "" && len(id) == shortid.Shown {
		r.own(roleFaint, "(")
		r.text(roleFaint, id[:8])
		r.own(roleFaint, ")")
		r.part(part{gap: blank, spare: true, late: true})
	}
}

// inContainer returns the path in a container that files are copied from or to.
func inContainer(x *wire.Exchange) string {
	for _, d := range x.Details {
		if d.Name == "path" && x.Subject.Type == "container" {
			return d.Value
		}
	}
	return ""
}

// creates says whether an exchange has made what it is about, rather than something
// in it.
func creates(x *wire.Exchange) bool {
	return known(x) && strings.Contains(x.Request.Call.Operation, "Create") && x.Response != nil && x.Response.Status == 201
}

// path makes parts of method and target beside an operation, if they are wanted.
func (r *row) path(x *wire.Exchange) {
	if r.o.Paths && known(x) {
		r.asked(x.Request, part{spare: true, cutTo: leastPath})
	}
}

// client makes a part of who asked. On a terminal it has a column, once there are
// more than one, if there is room for it.
func (r *row) client(c *wire.Conn) {
	var b [128]byte
	asked := appendAsked(b[:0], c)
	if name := r.shown.of(c); name != "" {
		asked = append(b[:0], name...)
	}
	switch {
	case len(asked) == 0:
		return
	case r.first == nil:
		r.first = bytes.Clone(asked)
	case !r.many:
		r.many = !bytes.Equal(r.first, asked)
	}
	if r.width > 0 && (!r.many || r.width < clientsFrom) {
		return
	}
	r.data(roleFaint, asked)
	r.part(part{client: true, cutTo: 1})
}

// appendAsked appends who is at the other end of a connection, or what carries it, if
// that is who is at the end of that.
func appendAsked(dst []byte, c *wire.Conn) []byte {
	switch {
	case c == nil:
		return dst
	case c.Parent.Conn != nil && c.Reversed && c.Client.Process == nil:
		return append(append(dst, "server, inside "...), inside(c)...)
	case c.Parent.Conn != nil && c.Client.String() == c.Parent.Conn.Client.String():
		return append(append(dst, "inside "...), inside(c)...)
	case c.Client.Process != nil:
		p := c.Client.Process
		dst = append(append(dst, p.Name...), '[')
		return append(strconv.AppendInt(dst, int64(p.PID), 10), ']')
	}
	return append(dst, c.Client.Addr...)
}
