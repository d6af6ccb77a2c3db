package render

import (
	"math"
	"strings"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/plural"
)

// operationsPage lists operations, or tells all about one.
type operationsPage struct {
	colors *palette
	width  int // of the terminal; 0: unlimited
	out    []byte
}

// sideBySide is from which width on a sentence stands beside the request that it is about.
const sideBySide = 130

// Operations returns a list of operations for people, in groups. On a terminal that is
// narrow the sentence stands below its operation.
func Operations(list []*explain.Entry, o Options) []byte {
	p := &operationsPage{colors: newPalette(o.Color), width: o.width()}
	p.colors.ascii = o.ASCII
	group := ""
	for i, e := range list {
		if e.Group != group {
			if i > 0 {
				p.out = append(p.out, '\n')
			}
			p.add(roleNote, e.Group, "\n")
			group = e.Group
		}
		p.operation(e, p.columnsOf(e, list))
	}
	if p.width > 0 && len(list) > 0 {
		p.out = append(p.out, '\n')
		p.add(roleFaint, plural.Of(int64(len(list)), "operation")+"; socktrace operations NAME tells all about one", "\n")
	}
	return p.out
}

// add appends text in a colour, and what comes behind it.
func (p *operationsPage) add(r role, text, behind string) {
	p.out = append(p.colors.append(p.out, r, text), behind...)
}

// listColumns are the widths of columns of a list.
type listColumns struct{ name, request int }

// columnsOf returns them for the operations of one API, which look alike.
func (p *operationsPage) columnsOf(of *explain.Entry, list []*explain.Entry) (c listColumns) {
	for _, e := range list {
		if sameAPI(e, of) {
			c.name = max(c.name, len(e.Name))
			c.request = max(c.request, len(p.request(e)))
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
func (p *operationsPage) operation(e *explain.Entry, c listColumns) {
	const between, below = 2, 4
	request := p.request(e)
	p.add(roleOperation, e.Name, "")
	if request != "" {
		if indent := c.name + between; p.width > 0 && p.width < sideBySide && indent+len(request) > p.width {
			p.out = appendSpaces(append(p.out, '\n'), below)
		} else {
			p.out = appendSpaces(p.out, indent-len(e.Name))
		}
		p.add(roleToServer, request, "")
	}
	says := e.Short + remark(e)
	indent := c.name + between + c.request
	if c.request > 0 {
		indent += between
	}
	if p.width > 0 && p.width < sideBySide {
		p.out = append(p.out, '\n')
		p.paragraph(says, below, below)
		return
	}
	used := len(e.Name)
	if request != "" {
		used = c.name + between + len(request)
	}
	p.paragraph(says, indent-used, indent)
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
	room := math.MaxInt
	if p.width > 0 {
		room = min(p.width-indent, longestLine)
	}
	p.out = appendSpaces(p.out, first)
	for i, line := range brokenAtWords(text, room, room) {
		if i > 0 {
			p.out = appendSpaces(append(p.out, '\n'), indent)
		}
		p.out = append(p.out, line...)
	}
	p.out = append(p.out, '\n')
}
