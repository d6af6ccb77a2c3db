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

// asked adds method and target, and what follows. Where there is no terminal
// nothing is cut. Where there is one, everything fits on its line: spare parts
// are left out, ids get short, then the target is cut.
func (c *compact) asked(req *wire.Request, tail []part) {
	used, room, pad := columns(c.line), 0, requestColumns
	if c.width > 0 {
		c.hang = 2
		left := c.width - used
		room = min(max(left*5/9, minTarget), maxTarget)
		tail = fitTail(left-room, tail)
		room = max(min(room, left-columns(join(tail))), minTarget/2)
		pad = room
	}
	c.method(req, room)
	if after := join(tail); len(after) > 0 {
		c.spaces(pad - (columns(c.line) - used))
		c.line = append(c.line, after...)
	}
}

// fitTail returns the parts that must be shown, and of the spare ones those
// for which room columns leave a place, the first first.
func fitTail(room int, tail []part) (kept []part) {
	for _, p := range tail {
		if !p.spare {
			room -= columns(p.painted)
		}
	}
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

// join returns the parts as one.
func join(parts []part) (all []byte) {
	for _, p := range parts {
		all = append(all, p.painted...)
	}
	return all
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
	target := appendEscaped(nil, req.Target, "", "")
	if room > 0 {
		room -= columns(c.line[from:])
		target = cutTarget(target, max(room, 1))
	}
	c.own(plain, string(target))
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
