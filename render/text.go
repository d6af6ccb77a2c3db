package render

import (
	"io"
	"time"

	"github.com/socktrace/socktrace/buildkit"
	"github.com/socktrace/socktrace/wire"
)

// text shows everything, like curl -v and strace in one: exchanges under their
// headings, in lines that are marked
//
//	>  bytes to the server       *  what happened to the connection
//	<  bytes to the client       =  the end of an exchange, in sum
//	!  what broke a rule, or is missing
//	#  what we say of it
//
// With full heads they are as sent. With less than that each line says something
// that the others do not, and an answer is one line if it can be.
type text struct {
	page
	w     io.Writer
	o     Options
	at    section // that was shown last; zero: nothing was
	held  held    // only of short
	moved []byte  // memory of what is put behind something else
	ago   []byte  // and of since
	doc   brief
	calls calls

	endings endings
	said    map[string]bool // of handshakes, in short
	shown   certified
	actors  map[string]string // names of containers that events were about, by id
}

// short says whether lines are left out that say nothing new.
func (t *text) short() bool { return t.o.Heads != HeadsFull }

// section is what stays together in a trace: an exchange, under its heading; or what
// happens to connections, of which there is little.
type section struct{ conn, exchange int }

// held is the line of an answer, which waits for what may stand behind it:
//
//	< 201 Created · 18.1 ms   {"Id": "880ea29c525b…", "Warnings": []}
//	< 404 Not Found · 1.3 ms   No such container: demo
//	< 101 upgraded, multiplexed · 1.4 ms
type held struct {
	is     bool
	in     section
	prefix []byte
	before int
	status int
	reason string        // as sent
	took   time.Duration // until the head was there; negative: not known
}

// call is what text remembers of a call of gRPC that is open.
type call struct {
	view    *buildkit.View
	packets int // that were shown
	left    int // packets of which nothing was shown
}

// calls are the open calls of which something is remembered.
type calls struct {
	open map[section]*call
	room buildkit.Room
}

// ofConnections is the unit of lines that are about connections.
var ofConnections = section{conn: -1}

// sectionOf returns what an event belongs to. Where connections are not told of when
// they open, each has a heading of its own.
func (t *text) sectionOf(m *wire.Meta) section {
	if m.Exchange == 0 && !t.short() || m.Conn == nil {
		return ofConnections
	}
	return section{m.Conn.ID, m.Exchange}
}

// inset is by how much what belongs to a line above it is indented.
const inset = 2
