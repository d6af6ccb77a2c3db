package render

import (
	"bytes"
	"regexp"

	"github.com/socktrace/socktrace/wire"
)

// Columns of method and target where there is a terminal: a little more than
// half of what is left of the line, within these.
const (
	minTarget = 24
	maxTarget = 64
)

// asked adds method and target, and the tail. Where there is no terminal
// nothing is cut. Where there is one, everything fits on its line: spare parts
// are left out, ids get short, then the target is cut.
func (c *compact) asked(req *wire.Request) {
	from, room, pad := len(c.line), 0, requestColumns
	if c.width > 0 {
		c.hang = 2
		left := c.width - columns(c.line)
		room = min(max(left*5/9, minTarget), maxTarget)
		c.tail = fitTail(left-room, c.tail)
		room = max(min(room, left-tailColumns(c.tail)), minTarget/2)
		pad = room
	}
	c.method(req, room)
	if len(c.tail) > 0 {
		c.spaces(pad - columns(c.line[from:]))
	}
	for _, p := range c.tail {
		c.line = append(c.line, p.painted...)
	}
}

// fitTail returns the parts that must be shown, and of the spare ones those
// for which room columns leave a place, the first first. It uses the memory of
// tail.
func fitTail(room int, tail []part) []part {
	for _, p := range tail {
		if !p.spare {
			room -= columns(p.painted)
		}
	}
	kept := tail[:0]
	for _, p := range tail {
		if p.spare {
			if room < columns(p.painted) {
				continue
			}
			room -= columns(p.painted)
		}
		kept = append(kept, p)
	}
	return kept
}

// tailColumns returns how many columns the parts take.
func tailColumns(tail []part) (sum int) {
	for _, p := range tail {
		sum += columns(p.painted)
	}
	return sum
}

// method adds method and target in at most room columns; 0 is unlimited.
func (c *compact) method(req *wire.Request, room int) {
	if req == nil {
		c.own(roleAnomaly, "(request not seen)")
		return
	}
	from := len(c.line)
	c.text(roleMethod, req.Method)
	c.own(plain, " ")
	if room == 0 {
		c.line = appendEscaped(c.line, req.Target, "", "")
		return
	}
	room -= columns(c.line[from:])
	target := appendEscaped(nil, req.Target, "", "")
	c.line = append(c.line, cutTarget(target, max(room, 1))...)
}

// longID is the id of a container, image or layer.
var longID = regexp.MustCompile(`\b([0-9a-f]{6})([0-9a-f]{6})[0-9a-f]{52}\b`)

// cutTarget returns a target, escaped, in at most room columns. Ids are cut
// first, to the 12 digits that docker shows or to 6, then the query, then the
// middle of the path.
func cutTarget(b []byte, room int) []byte {
	if columns(b) <= room {
		return b
	}
	short := longID.ReplaceAll(b, []byte("$1$2…"))
	if path, _, _ := bytes.Cut(short, []byte{'?'}); columns(path)+2 > room {
		short = longID.ReplaceAll(b, []byte("$1…"))
	}
	path, _, asked := bytes.Cut(short, []byte{'?'})
	switch {
	case asked && columns(path)+2 <= room:
		return cut(short, room, 0)
	case asked:
		path = append(path[:len(path):len(path)], "?…"...)
	}
	return bytes.ReplaceAll(cut(path, room, room/2), []byte("……"), []byte("…"))
}

// cut returns b, which has no colours, in at most room columns: its beginning,
// … for what is left out, and about the last end columns of it.
func cut(b []byte, room, end int) []byte {
	if columns(b) <= room {
		return b
	}
	head, n := 0, 0
	for {
		l, c := unit(b[head:])
		if n+c > room-1-end {
			break
		}
		head, n = head+l, n+c
	}
	tail := head
	for rest := columns(b[head:]); rest > room-1-n || end == 0 && tail < len(b); {
		l, c := unit(b[tail:])
		tail, rest = tail+l, rest-c
	}
	return append(append(append([]byte(nil), b[:head]...), "…"...), b[tail:]...)
}
