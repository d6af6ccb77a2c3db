package render

import (
	"github.com/socktrace/socktrace/internal/jsontext"
)

// fill adds JSON in brief to a page: as much on a line as fits there.
//
//	{"Image": "busybox", "Cmd": ["echo", "hi"],
//	 "HostConfig": {"NetworkMode": "default",
//	   "AutoRemove": true}}
type fill struct {
	*page
	d    *brief
	room int // columns of a line
	col  int // of them that are used
}

// flat adds all of d on one line.
func (p *page) flat(d *brief) {
	d.all = true
	f := fill{page: p, d: d}
	f.flat(0, false)
}

// filled adds what is kept of d, in lines of so many columns. The last is not
// finished.
func (p *page) filled(d *brief, room int) {
	f := fill{page: p, d: d, room: room, col: columns(p.line)}
	f.value(0, f.col, 0)
}

// value adds node i, whose lines hang at indent, and which has so many columns
// behind it on its last line. It returns whether it took more than one line.
func (f *fill) value(i, indent, behind int) (broken bool) {
	n := &f.d.nodes[i]
	if n.kind != '{' && n.kind != '[' || f.col+int(n.columns)+behind <= f.room {
		f.flat(i, false)
		f.col += int(n.columns)
		return false
	}
	if indent++; f.key(n, n.usual) > 0 {
		indent++
	}
	f.bracket(n.kind, n.usual)
	f.col += f.d.keyColumns(n) + 1
	last, first := 0, true // node 0 is in no other
	for c := range f.d.inside(i) {
		if last > 0 {
			broken = f.member(last, indent, 1, first, broken)
			f.own(usualRole(plain, n.usual), ",")
			f.col++
			first = false
		}
		last = c
	}
	if last > 0 {
		f.member(last, indent, 1+behind, first, broken)
	}
	f.bracket(n.kind+2, n.usual)
	f.col++
	return true
}

// member adds a value within brackets: on the same line as what is before it, if
// that is the bracket, or was on one line and both fit there.
func (f *fill) member(c, indent, behind int, first, broken bool) bool {
	columns := int(f.d.nodes[c].columns) + behind
	gap := 1
	if first {
		gap = 0
		broken = indent+columns <= f.room && f.col+columns > f.room // there is more room on a line of its own
	} else {
		broken = broken || f.col+gap+columns > f.room
	}
	if broken {
		f.end()
		f.spaces(indent)
		f.col, f.hang = indent, indent+2
	} else {
		f.spaces(gap)
		f.col += gap
	}
	return f.value(c, indent, behind)
}

// key adds the key of n, if it has one, and returns how long that is.
func (f *fill) key(n *node, usual bool) int {
	text := n.key.of(f.d.src)
	if len(text) == 0 {
		return 0
	}
	f.data(usualRole(roleKey, usual), f.d.shown(n.key))
	f.own(usualRole(plain, usual), ": ")
	return len(text)
}

// usualRole returns the role of a part of JSON that everybody sends, or not.
func usualRole(r role, usual bool) role {
	if usual {
		return roleFaint
	}
	return r
}

// bracket adds one.
func (f *fill) bracket(b jsontext.Kind, usual bool) {
	f.own(usualRole(plain, usual), string(rune(b)))
}

// flat adds node i on the line.
func (f *fill) flat(i int, usual bool) {
	n := &f.d.nodes[i]
	usual = usual || n.usual
	f.key(n, usual)
	if n.kind != '{' && n.kind != '[' {
		f.data(usualRole(scalarRole(n.kind), usual), f.d.shown(n.to))
		return
	}
	f.bracket(n.kind, usual)
	first := true
	for c := range f.d.inside(i) {
		if !first {
			f.own(usualRole(plain, usual), ", ")
		}
		first = false
		f.flat(c, usual)
	}
	f.bracket(n.kind+2, usual)
}
