package render

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/shortid"
	"github.com/socktrace/socktrace/wire"
)

// row is a line of compact in work: columns that every exchange has, then parts of
// which each says one thing more.
//
//	12:16:55.168  1.2  200  18.1 ms  ContainerCreate   nc1 (970524f9)  image=busybox
//	└─────────── columns ─────────┘  └─────────────────── parts ───────────────────┘
type row struct {
	page
	o      Options
	glyphs rowGlyphs
	clock  clockText
	ids    int    // columns of the longest number of an exchange so far
	parts  []part // of the line
	begun  int    // where in the line the first begins
	ended  int    // and the last ends
	target string // what the part is made of that is a target
	shown  certified
	first  []byte // client that was seen
	many   bool   // there are others
	paper  []byte // for the line when its parts are put together
	short  []byte // for text that is shortened
	gists  gists
}

// rowGlyphs are the marks of a row, which ASCII has others for.
type rowGlyphs struct{ more, sent, received string }

// newRow returns a row, and the colours and marks of all lines.
func newRow(o Options) row {
	r := row{page: page{colors: newPalette(o.Color)}, o: o, glyphs: rowGlyphs{"…", "↑ ", "↓ "}, ids: minIDColumns}
	if o.ASCII {
		r.glyphs = rowGlyphs{"...", "> ", "< "}
	}
	return r
}

// Columns of what has a fixed width.
const (
	clockColumns  = len(clock)
	minIDColumns  = 5 // "12.34": a longer number makes its column wider from then on
	statusColumns = 3
	briefColumns  = 7
	headColumns   = clockColumns + 2 + 2 + statusColumns + 2 + briefColumns // but for the number
)

// clientColumns is how many columns the name of a client has: a longer one is cut.
const clientColumns = 24

// stamp begins a line: when it was, and of which exchange it is.
func (r *row) stamp(m *wire.Meta, at time.Time) {
	r.prefix, r.before = r.prefix[:0], 0
	if at.IsZero() {
		r.spaces(clockColumns)
	} else {
		r.data(roleTime, r.clock.at(at, r.o.zone()))
	}
	r.spaces(2)
	from := len(r.line)
	r.line = trimSpaces(appendID(r.line, r.colors, m))
	n := columns(r.line[from:])
	r.ids = max(r.ids, n)
	r.spaces(r.ids - n + 2)
}

// trimSpaces returns b without the spaces at its end.
func trimSpaces(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// head begins the line of an exchange: when it began, which it is, its status, or
// otherwise if it has none, and how long it took, if that is known.
func (r *row) head(x *wire.Exchange, otherwise string, o role, took time.Duration, known bool) {
	at := x.Start
	if at.IsZero() {
		at = x.End
	}
	r.stamp(&x.Meta, at)
	r.status(x.Response, otherwise, o)
	var b [32]byte
	d := b[:0]
	if known {
		d = appendBrief(d, took)
	}
	r.spaces(2 + briefColumns - len(d))
	r.line = append(r.line, d...)
	r.parts, r.begun, r.ended = r.parts[:0], len(r.line), len(r.line)
}

// status adds the status of the response in its columns.
func (r *row) status(resp *wire.Response, otherwise string, o role) {
	if resp == nil {
		r.spaces(statusColumns - utf8.RuneCountInString(otherwise))
		r.own(o, otherwise)
		return
	}
	var b [32]byte
	status := strconv.AppendInt(b[:0], int64(resp.Status), 10)
	r.spaces(statusColumns - len(status))
	r.data(statusRole(resp.Status), status)
}

// counted adds a number of ours and what it counts.
func (r *row) counted(o role, n int64, word string) {
	var b [64]byte
	r.data(o, append(append(strconv.AppendInt(b[:0], n, 10), ' '), word...))
}

// bytes adds a number of bytes.
func (r *row) bytes(n int64) {
	var b [32]byte
	r.data(plain, appendSize(b[:0], n))
}

// shortened adds text of the traffic, in which ids are short.
func (r *row) shortened(o role, s string) {
	r.short = shortid.Append(r.short[:0], s, shortid.Shown, r.glyphs.more)
	r.data(o, r.short)
}

// part is one thing that the line of an exchange tells behind its columns.
type part struct {
	from, to int    // in the line
	gap      string // before it
	pad      int    // columns that it takes at least, if something follows
	spare    bool   // it is left out where the terminal is too narrow
	late     bool   // before those that are not
	cutTo    int    // columns to which it may be cut before; 0: it may not
	target   bool   // it is cut as one
	below    bool   // where it does not fit, it has a line of its own
	client   bool   // it stands at the right edge of a terminal
	fate     fate
	columns  int // that it may take
}

// fate is what becomes of a part.
type fate uint8

const (
	inLine  fate = iota
	under        // it has a line of its own
	leftOff      // it is not shown
)
