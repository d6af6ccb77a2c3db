package render

import (
	"bytes"
	"cmp"
	"math"
	"strings"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/plural"
)

// operationsPage lists operations, or tells all about one.
type operationsPage struct {
	colors *palette
	width  int  // of the terminal; 0: unlimited
	short  bool // each has a line of its own, and no more
	out    []byte
}

// sideBySide is from which width on a sentence stands beside the request that it is about.
const sideBySide = 130

// most is how many operations of a list get a sentence below them where that has no room beside
// them: longer lists have a line for each.
const most = 24

// Operations returns operations that were found, for people: in groups, as they are in the book; or
// the best first, with why, if they were searched for.
func Operations(list []explain.Found, o Options) []byte {
	p := &operationsPage{colors: newPalette(o.Color), width: o.width()}
	p.colors.ascii = o.ASCII
	searched := isRanked(list)
	p.short = len(list) > most
	group := ""
	for i, f := range list {
		if f.Group != group && !searched {
			if i > 0 {
				p.out = append(p.out, '\n')
			}
			p.add(roleNote, f.Group, "\n")
			group = f.Group
		}
		p.operation(f, p.columnsOf(f.Entry, list))
	}
	if p.width > 0 && len(list) > 0 {
		p.out = append(p.out, '\n')
		p.add(roleFaint, plural.Of(int64(len(list)), "operation")+"; socktrace operations NAME tells all about one", "\n")
	}
	return p.out
}

// isRanked reports whether a list is in another order than that of groups.
func isRanked(list []explain.Found) bool {
	seen := make(map[string]bool)
	for i, f := range list {
		if f.Why != "" || seen[f.Group] && f.Group != list[i-1].Group {
			return true
		}
		seen[f.Group] = true
	}
	return false
}

// add appends text in a colour, and what comes behind it.
func (p *operationsPage) add(r role, text, behind string) {
	p.out = append(p.colors.append(p.out, r, text), behind...)
}

// listColumns are the widths of columns of a list.
type listColumns struct{ name, request int }

// columnsOf returns them for the operations of one API, which look alike.
func (p *operationsPage) columnsOf(of *explain.Entry, list []explain.Found) (c listColumns) {
	for _, f := range list {
		if sameAPI(f.Entry, of) {
			c.name = max(c.name, len(f.Name))
			c.request = max(c.request, len(p.request(f.Entry)))
		}
	}
	return c
}

// sameAPI reports whether operations are of one API.
func sameAPI(a, b *explain.Entry) bool {
	const podman = "Libpod"
	return a.IsGRPC() == b.IsGRPC() && strings.HasSuffix(a.Name, podman) == strings.HasSuffix(b.Name, podman)
}

// request returns method and path; on a terminal nothing for methods of gRPC, whose groups
// and names tell them.
func (p *operationsPage) request(e *explain.Entry) string {
	if e.IsGRPC() && p.width > 0 {
		return ""
	}
	return e.Requests[0].Method + " " + e.Requests[0].Path
}

// operation is one row, or two.
func (p *operationsPage) operation(f explain.Found, c listColumns) {
	const between, below = 2, 4
	request, says := p.request(f.Entry), f.Short+remark(f.Entry)
	narrow := p.width > 0 && p.width < sideBySide
	switch {
	case p.short && narrow:
		p.row(f, c.name, cmp.Or(f.Why, request, says))
		return
	case p.short && p.width > 0:
		p.row(f, c.name, request, cmp.Or(f.Why, says))
		return
	case f.Why != "":
		says += " [" + f.Why + "]"
	}
	p.add(roleOperation, f.Name, "")
	if request != "" {
		if indent := c.name + between; narrow && indent+len(request) > p.width {
			p.out = appendSpaces(append(p.out, '\n'), below)
		} else {
			p.out = appendSpaces(p.out, indent-len(f.Name))
		}
		p.add(roleToServer, request, "")
	}
	indent := c.name + between + c.request
	if c.request > 0 {
		indent += between
	}
	if narrow {
		p.out = append(p.out, '\n')
		p.paragraph(says, below, below)
		return
	}
	used := len(f.Name)
	if request != "" {
		used = c.name + between + len(request)
	}
	p.paragraph(says, indent-used, indent)
}

// row is one line, cut where the terminal ends: a name, and what stands beside it, in columns.
func (p *operationsPage) row(f explain.Found, name int, says ...string) {
	const between = 2
	p.add(roleOperation, f.Name, "")
	at := len(f.Name)
	to := name + between
	for i, text := range says {
		if text == "" {
			continue
		}
		p.out = appendSpaces(p.out, to-at)
		text = p.cut(text, p.width-to)
		if i == 0 && len(says) > 1 {
			p.add(roleToServer, text, "")
		} else {
			p.out = append(p.out, text...)
		}
		at = to + columns([]byte(text))
		to += requestColumns
		if at >= to {
			to = at + between
		}
	}
	p.out = append(p.out, '\n')
}

// requestColumns is how wide the column of requests is in lists that have a line for each.
const requestColumns = 52

// cut returns text cut to some columns, between words, if it is longer.
func (p *operationsPage) cut(text string, room int) string {
	if len(text) <= room {
		return text
	}
	mark := p.colors.glyph("…")
	room -= columns([]byte(mark))
	if room < 1 {
		return ""
	}
	if i := strings.LastIndexByte(text[:room+1], ' '); i > room/2 {
		room = i
	}
	return strings.TrimRight(text[:room], " ,;:") + mark
}

// remark is what is behind the sentence about an operation that is not for ever.
func remark(e *explain.Entry) string {
	switch {
	case e.Until != "":
		return " (removed after API " + e.Until + ")"
	case e.Deprecated != "":
		return " (deprecated since API " + e.Deprecated + ")"
	}
	return ""
}

// paragraph appends text, broken between words: before its first line come so many spaces, and
// before the others, which end at the edge of the terminal.
func (p *operationsPage) paragraph(text string, first, indent int) {
	p.out = appendSpaces(p.out, first)
	p.words(text, indent, indent)
}

// words appends words to a line of which so many columns are used, and ends it. Lines behind it are
// indented.
func (p *operationsPage) words(text string, at, indent int) {
	room := math.MaxInt / 2
	if p.width > 0 {
		room = min(p.width-indent, longestLine)
	}
	for i, line := range brokenAtWords(text, room-(at-indent), room) {
		if i > 0 {
			p.out = appendSpaces(append(bytes.TrimRight(p.out, " "), '\n'), indent)
		}
		p.out = append(p.out, line...)
	}
	p.out = append(p.out, '\n')
}
