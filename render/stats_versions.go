package render

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/stats"
)

// maxSentences bounds the clients and what is deprecated that are told for people: JSON has
// all.
const maxSentences = 20

// askedOf returns what is known of a version that a client asks for; the zero version for
// one that names none.
func askedOf(c *stats.Client, v stats.Version) explain.Asked {
	a := explain.Asked{Version: v.Name, Program: dockerapi.ProgramOf(c.Agent), Offered: v.Offered, Failed: v.Count > 0 && v.Refused >= v.Count}
	for _, d := range c.Daemons {
		if _, ok := dockerapi.ParseVersion(d.Newest); ok {
			a.Newest = d.Newest
		}
	}
	return a
}

// versionOf returns that of a client which has a name.
func versionOf(c *stats.Client, name string) stats.Version {
	i := slices.IndexFunc(c.Versions, func(v stats.Version) bool { return v.Name == name })
	if i < 0 {
		return stats.Version{}
	}
	return c.Versions[i]
}

// programName returns what a client is called where it is about its versions: by the
// program, and in brackets by what else is known.
func programName(c *stats.Client) string {
	name, program := clientName(c), dockerapi.ProgramOf(c.Agent)
	switch {
	case program.Name == "" || c.Other:
		return name
	case name == "?" || name == program.Name:
		return program.String()
	}
	return program.String() + " (" + name + ")"
}

// sentence is what is said behind a name, which is of the traffic, unlike the rest.
type sentence struct {
	name, says string
	wrong      bool // the name stands out
}

// versions shows what each client asks for, and which engines take that.
func (p *statsPage) versions(r *stats.Report) {
	var all []sentence
	for i := range r.Clients {
		c := &r.Clients[i]
		if c.Other {
			continue
		}
		for _, v := range c.Versions {
			says := askedOf(c, v).Says()
			if v.Name == "" || says == "" {
				continue
			}
			if v.Refused > 0 {
				says += "; " + plural.Of(v.Refused, "request") + " refused for that"
			}
			all = append(all, sentence{name: programName(c), says: says})
		}
		if len(c.Versions) == 0 && len(c.Daemons) > 0 {
			all = append(all, sentence{name: programName(c), says: askedOf(c, stats.Version{}).Says()})
		}
	}
	title := "API versions"
	if more := daemonsOf(r); !p.terminal() || columns([]byte(title+more)) <= p.width {
		title += more
	}
	p.sentences(title, all)
}

// daemonsOf names the daemons that have answered, if there are not many.
func daemonsOf(r *stats.Report) string {
	var all []string
	for i := range r.Clients {
		for _, d := range r.Clients[i].Daemons {
			server, _, _ := strings.Cut(d.Server, " ")
			name, version, _ := strings.Cut(server, "/")
			if name == "Docker" {
				name = "engine"
			}
			if v, ok := dockerapi.ParseVersion(d.Newest); ok {
				text := strings.TrimSpace(name+" "+version) + " has " + v.String()
				if !slices.Contains(all, text) {
					all = append(all, text)
				}
			}
		}
	}
	if len(all) == 0 || len(all) > 3 {
		return ""
	}
	return ", " + string(appendEscaped(nil, strings.Join(all, ", "), "", ""))
}

// ended shows what was used that is deprecated or removed.
func (p *statsPage) ended(r *stats.Report) {
	var all []sentence
	for _, e := range endedUses(r) {
		all = append(all, sentence{name: useName(e.Operation, e.Argument) + ":", says: e.says + "; " + plural.Of(e.Count, "call") + " by " + e.who(r)})
	}
	p.sentences("deprecated or removed", all)
}

// endedUse is a use, by whomever, of what is deprecated or removed.
type endedUse struct {
	stats.Use
	says    string
	clients []int
}

// who names the clients.
func (e *endedUse) who(r *stats.Report) string {
	name := string(appendEscaped(nil, programName(&r.Clients[e.clients[0]]), "", ""))
	if more := len(e.clients) - 1; more > 0 {
		name += fmt.Sprintf(" and %d more", more)
	}
	return name
}

// endedUses returns them, as often as they were made in all.
func endedUses(r *stats.Report) (all []*endedUse) {
	for _, u := range r.Uses {
		says := explain.Ends(u.Operation, u.Argument)
		if says == "" {
			continue
		}
		i := slices.IndexFunc(all, func(o *endedUse) bool { return o.Operation == u.Operation && o.Argument == u.Argument })
		if i < 0 {
			i = len(all)
			all = append(all, &endedUse{Use: stats.Use{Operation: u.Operation, Argument: u.Argument}, says: says})
		}
		all[i].Count += u.Count
		if !slices.Contains(all[i].clients, u.Client) {
			all[i].clients = append(all[i].clients, u.Client)
		}
	}
	return all
}

// useName returns what an operation is called, or what it has.
func useName(operation string, a *dockerapi.Argument) string {
	switch {
	case a == nil:
		return operation
	case a.Field:
		return operation + ", field " + a.Name
	}
	return operation + ", parameter " + a.Name
}

// sentences shows some under a title, if there are any.
func (p *statsPage) sentences(title string, all []sentence) {
	if len(all) == 0 {
		return
	}
	p.title(title)
	more := len(all) - maxSentences
	for _, s := range all[:min(len(all), maxSentences)] {
		p.sentence(s)
	}
	if more > 0 {
		p.out = append(p.colors.append(p.out, roleFaint, fmt.Sprintf("%d more, which -f jsonl has", more)), '\n')
	}
}

// sentence shows one, broken between words.
func (p *statsPage) sentence(s sentence) {
	const indent = 2
	t := p.table()
	fit := func(text []byte) []byte {
		if p.terminal() {
			text = t.cut(text, p.width-indent)
		}
		return text
	}
	name := fit(appendEscaped(nil, s.name, "", ""))
	role := roleOperation
	if s.wrong {
		role = roleAnomaly
	}
	p.out = p.colors.append(p.out, role, string(name))
	room, at := math.MaxInt-indent, columns(name)+1
	if p.terminal() {
		room = min(p.width-indent, longestLine)
	}
	for i, line := range brokenAtWords(s.says, room+indent-at, room) {
		switch {
		case i > 0:
			p.out = appendSpaces(append(p.out, '\n'), indent)
		case line != "":
			p.out = append(p.out, ' ')
		}
		p.out = append(p.out, fit([]byte(line))...)
	}
	p.out = append(p.out, '\n')
}
