package render

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/explain"
)

// Operation returns all about one operation, for people. Its lines are broken in any case:
// they are sentences.
func Operation(e *explain.Entry, o Options) []byte {
	p := &operationsPage{colors: newPalette(o.Color), width: o.width()}
	p.colors.ascii = o.ASCII
	if p.width == 0 {
		p.width = longestLine
	}
	p.add(roleOperation, e.Name, "")
	p.head(e)
	for _, r := range e.Requests {
		p.add(roleMethod, r.Method, " ")
		p.add(roleToServer, r.Path, "\n")
	}
	p.out = append(p.out, '\n')
	p.paragraph(e.Short+remark(e), 0, 0)
	p.out = append(p.out, '\n')
	p.paragraph(e.Long, 0, 0)
	p.facts(e)
	if len(e.Fields) > 0 {
		p.out = append(p.out, '\n')
		p.add(roleNote, "Fields of the request", "\n")
		p.fields(e.Fields)
	}
	if len(e.Gone) > 0 {
		p.out = append(p.out, '\n')
		p.add(roleNote, "Gone from its answers", "\n")
		for _, g := range e.Gone {
			p.paragraph("after API "+g.Until.String()+": "+strings.Join(g.Fields, ", "), 2, 4)
		}
	}
	if len(e.Errors) > 0 {
		p.out = append(p.out, '\n')
		p.add(roleNote, "Answers that need explaining", "\n")
		for _, x := range e.Errors {
			p.error(x)
		}
	}
	return p.out
}

// head appends the end of the first line, with the group; services may have long names, or two.
func (p *operationsPage) head(e *explain.Entry) {
	const between = 2
	parts := []string{e.Group}
	if e.IsGRPC() {
		parts = strings.Fields(e.Group)
	}
	at := len(e.Name)
	for _, part := range parts {
		if at+between+len(part) > p.width {
			p.out = append(p.out, '\n')
			at = 0
		}
		p.out = appendSpaces(p.out, between)
		p.add(roleFaint, part, "")
		at += between + len(part)
	}
	p.out = append(p.out, '\n')
}

// facts are what can be said in a line.
func (p *operationsPage) facts(e *explain.Entry) {
	const before = 2
	first := true
	for _, f := range []struct{ name, says string }{
		{"since", version(e.Since)}, {"until", version(e.Until)}, {"deprecated", version(e.Deprecated)},
		{"request", e.Sends}, {"answer", e.Answers}, {"lasts", e.Lasts},
		{"asked by", strings.Join(e.Commands, ", ")}, {"docker-py", strings.Join(e.Python, ", ")},
		{"parameters", argumentList(e.Parameters)},
	} {
		if f.says == "" {
			continue
		}
		if first {
			p.out = append(p.out, '\n')
			first = false
		}
		const column = 12
		p.out = appendSpaces(p.out, before)
		p.add(roleKey, f.name, "")
		p.paragraph(f.says, column-len(f.name), before+column)
	}
}

// argumentList names arguments, with the versions that have them.
func argumentList(list []*dockerapi.Argument) string {
	var all []string
	for _, a := range list {
		all = append(all, a.Name+argumentVersions(a))
	}
	return strings.Join(all, ", ")
}

// argumentVersions says which versions have an argument, if that is not all.
func argumentVersions(a *dockerapi.Argument) string {
	none := dockerapi.Version{}
	var says []string
	if a.Since != none {
		says = append(says, "since "+a.Since.String())
	}
	if a.Deprecated != none {
		says = append(says, "deprecated in "+a.Deprecated.String())
	}
	if a.Until != none {
		says = append(says, "up to "+a.Until.String())
	}
	if says == nil {
		return ""
	}
	return " (" + strings.Join(says, ", ") + ")"
}

// fields lists fields, those that are in one another in a paragraph, which begins with what
// they are in.
func (p *operationsPage) fields(list []*dockerapi.Argument) {
	var parents []string
	in := make(map[string][]string)
	for _, a := range list {
		parent, name := "", a.Name
		if i := strings.LastIndexByte(name, '.'); i > 0 {
			parent, name = name[:i], name[i+1:]
		}
		if in[parent] == nil {
			parents = append(parents, parent)
		}
		versions := argumentVersions(a)
		if around := dockerapi.Around(a.Name, list); around != nil && argumentVersions(around) == versions {
			versions = "" // what it is in tells it
		}
		in[parent] = append(in[parent], name+versions)
	}
	for _, parent := range parents {
		const before, indent = 2, 4
		p.out = appendSpaces(p.out, before)
		at := before
		if parent != "" {
			p.add(roleKey, parent+":", " ")
			at += len(parent) + len(": ")
		}
		p.words(strings.Join(in[parent], ", "), at, indent)
	}
}

// version is one of the API, in words.
func version(v string) string {
	if v == "" {
		return ""
	}
	return "API " + v
}

// error is what a status means: whom it troubles, and what to do.
func (p *operationsPage) error(x explain.Error) {
	const before, behind = 2, 2
	indent := before + max(len("404"), len(x.Status)) + behind
	p.out = appendSpaces(p.out, before)
	p.add(p.statusOf(x.Status), x.Status, "")
	p.paragraph(x.Means, behind, indent)
	if x.Raises != "" {
		p.paragraph("docker-py raises "+x.Raises, indent, indent)
	}
	if x.Try != "" {
		p.paragraph("try: "+x.Try, indent, indent)
	}
}

// statusOf returns the role of a status: a number, or a code of gRPC.
func (p *operationsPage) statusOf(status string) role {
	n := 0
	for _, c := range status {
		if c < '0' || c > '9' {
			return role4xx
		}
		n = n*10 + int(c-'0')
	}
	return statusRole(n)
}

// Example returns the heading of an example: the command that it is of.
func Example(command string, o Options) []byte {
	p := &operationsPage{colors: newPalette(o.Color), width: o.width()}
	if p.width == 0 {
		p.width = longestLine
	}
	p.out = append(p.out, '\n')
	p.add(roleNote, "Example", "")
	p.out = append(p.out, ", recorded:\n"...)
	p.out = append(p.out, p.colors.open[roleMethod]...)
	p.paragraph("$ "+command, 2, 4)
	if p.colors.open[roleMethod] != "" {
		p.out = append(p.out[:len(p.out)-1], sgrReset+"\n"...)
	}
	return p.out
}
