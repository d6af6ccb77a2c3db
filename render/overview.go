package render

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/plural"
)

// Overview returns what there is, at a glance: the operations of Docker's API in groups, a line for
// each; of Podman's, and of the services of gRPC, a line for each group.
func Overview(list []*explain.Entry, o Options) []byte {
	p := &operationsPage{colors: newPalette(o.Color), width: o.width()}
	p.colors.ascii = o.ASCII
	docker, groups := 0, make(map[string][]*explain.Entry)
	name := 0
	for _, e := range list {
		groups[e.Group] = append(groups[e.Group], e)
		if isDockers(e) {
			docker++
			name = max(name, len(e.Name))
		}
	}
	group, kind := "", ""
	for _, e := range list {
		if e.Group != group {
			switch now := kindOf(e); {
			case isDockers(e):
				if group != "" {
					p.out = append(p.out, '\n')
				}
				p.add(roleNote, e.Group, "\n")
			case now != kind:
				p.out = append(p.out, '\n')
				p.add(roleNote, now, "\n")
			}
			kind, group = kindOf(e), e.Group
			if !isDockers(e) {
				p.group(e.Group, groups[e.Group])
			}
		}
		if isDockers(e) {
			p.overviewRow(e, name)
		}
	}
	p.out = append(p.out, '\n')
	p.add(roleFaint, plural.Of(int64(docker), "operation")+" of Docker's API, "+strconv.Itoa(len(list)-docker)+" others", "\n")
	p.add(roleFaint, "socktrace operations NAME tells all about one; a GROUP lists its own, '*' all", "\n")
	return p.out
}

// isDockers reports whether an operation is of Docker's API.
func isDockers(e *explain.Entry) bool { return kindOf(e) == "" }

// kindOf returns the heading of the groups that have one line in the overview; empty for those
// of Docker.
func kindOf(e *explain.Entry) string {
	switch {
	case e.IsGRPC():
		return "gRPC services"
	case strings.HasPrefix(e.Group, "Podman "):
		return "Podman's own API"
	}
	return ""
}

// overviewRow is the line of an operation: with its request, and what it is for where there is room.
func (p *operationsPage) overviewRow(e *explain.Entry, name int) {
	f := explain.Found{Entry: e}
	request, says := e.Requests[0].Method+" "+e.Requests[0].Path, e.Short+remark(e)
	switch {
	case p.width > 0 && p.width < sideBySide:
		p.row(f, name, request)
	case p.width > 0:
		p.row(f, name, request, says)
	default:
		const all = 1 << 10
		p.width = all
		p.row(f, name, request, says)
		p.width = 0
	}
}

// group is the line of a group: how many operations it has, and which.
func (p *operationsPage) group(name string, list []*explain.Entry) {
	const column = 4
	first, more, several := strings.Cut(name, " ")
	if several && list[0].IsGRPC() {
		first += " (" + more + ")"
	} else {
		first = name
	}
	n := strconv.Itoa(len(list))
	p.out = appendSpaces(p.out, column-len(n))
	p.out = append(p.out, n...)
	room := 0
	if p.width > 0 {
		room = p.width - column - 2
	}
	text := first
	if room > 0 {
		text = p.cut(first, room)
	}
	p.out = append(p.out, "  "...)
	p.add(roleOperation, text, "\n")
}
