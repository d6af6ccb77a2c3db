package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/markup"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/wire"
)

// lead sums the session up.
func (t *teller) lead() (all []part) {
	if len(t.steps) == 0 {
		return []part{paragraph(markup.Plain("No request was seen."))}
	}
	all = append(all, paragraph(markup.Plain(t.sum())))
	all = append(all, part{kind: isList, items: append(t.daemons(), t.askers()...)})
	if told := t.foretold(); len(told) > 0 {
		var stories []markup.Text
		for _, story := range told {
			stories = append(stories, markup.Plain(explain.Tell(story)))
		}
		all = append(all, part{kind: isList, words: markup.Plain("The commands, as far as they are known:"), items: stories})
	}
	if cut := t.cut(); cut != "" {
		all = append(all, paragraph(markup.Plain(cut)))
	}
	return all
}

// foretold returns the stories that stand before all steps, since no heading tells them.
func (t *teller) foretold() []*wire.Story {
	if len(t.groups) == 1 {
		return t.told
	}
	return t.others(t.groups)
}

// sum says how much there was.
func (t *teller) sum() string {
	requests, wrong := int64(len(t.steps))+t.left, t.wrong
	for _, s := range t.steps {
		if failed(s.x) {
			wrong++
		}
	}
	conns := plural.Of(int64(len(t.conns)), "connection")
	if t.more {
		conns = "more than " + conns
	}
	text := fmt.Sprintf("%s on %s in %s", plural.Of(requests, "request"), conns, units.Duration(t.ended.Sub(t.began)))
	if wrong > 0 {
		text += fmt.Sprintf("; %d failed", wrong)
	}
	return text + ". Times count from the first request, at " + t.began.In(t.o.Zone).Format("15:04:05 on 2 January 2006") + ". Header fields that every message has are left out, and members of documents that are empty."
}

// daemons says who answers.
func (t *teller) daemons() (all []markup.Text) {
	seen := make(map[string]bool)
	for _, s := range t.steps {
		server := ""
		if s.x.Response != nil {
			server = wire.FieldValue(s.x.Response.Fields, "Server")
		}
		addr := s.x.Conn.Server.Addr
		if at := addr + "\n" + server; seen[at] || server == "" || len(seen) >= maxClients {
			continue
		} else {
			seen[at] = true
		}
		w := markup.Plain("The daemon is ").And(markup.Code(cutText(server, maxName)))
		if addr != "" {
			w = w.And(markup.Plain(" at "), markup.Code(cutText(addr, maxName)))
		}
		if v := wire.FieldValue(s.x.Response.Fields, "Api-Version"); v != "" {
			w = w.And(markup.Plain("; the newest version of the API that it knows is "), markup.Code(cutText(v, maxName)))
		}
		all = append(all, w.And(markup.Plain(".")))
	}
	return all
}

// maxAskers is how many clients are told of one by one.
const maxAskers = 20

// askers says who asks, and for which versions.
func (t *teller) askers() (all []markup.Text) {
	type asker struct {
		name, agent string
		count       int64
		versioned   int64 // requests that name a version
		versions    []string
	}
	var list []*asker
	by := make(map[string]*asker)
	for _, s := range t.steps {
		name := clientName(s.x)
		a := by[name]
		if a == nil {
			a = &asker{name: name}
			by[name] = a
			list = append(list, a)
		}
		a.count++
		if a.agent == "" {
			a.agent = agentOf(s.x)
		}
		if r := s.x.Request; r != nil && r.Call.Version != "" {
			a.versioned++
			if !slices.Contains(a.versions, r.Call.Version) && len(a.versions) < maxClients {
				a.versions = append(a.versions, r.Call.Version)
			}
		}
	}
	for i, a := range list {
		if i == maxAskers {
			return append(all, markup.Plain(plural.Of(int64(len(list)-i), "more client")))
		}
		w := markup.Code(a.name)
		if a.agent != "" && !strings.HasPrefix(a.agent, a.name) {
			w = w.And(markup.Plain(" says that it is "), markup.Code(cutText(a.agent, maxName)), markup.Plain(", and"))
		}
		w = w.And(markup.Plain(" makes " + plural.Of(a.count, "request")))
		if t.left > 0 {
			w = w.And(markup.Plain(" of those that are told"))
		}
		if 0 < a.versioned && a.versioned < a.count {
			w = w.And(markup.Plain(", " + strconv.FormatInt(a.versioned, 10) + " of them"))
		}
		if len(a.versions) > 0 {
			w = w.And(markup.Plain(" for API "), markup.Code(strings.Join(a.versions, ", ")))
		}
		all = append(all, w.And(markup.Plain(".")))
	}
	return all
}

// cut says what is not told; empty if all is.
func (t *teller) cut() string {
	var all []string
	if t.left > 0 {
		all = append(all, fmt.Sprintf("%s told: a lesson has room for %s, and for %s of what they say.",
			plural.Of(t.left, "more request")+plural.Verb(t.left, " is not", " are not"), plural.Of(maxSteps, "request"), units.Size(int64(t.room))))
	}
	if t.lost > 0 {
		all = append(all, "When it was recorded, "+plural.Of(t.lost, "event")+plural.Verb(t.lost, " was", " were")+" left out.")
	}
	return strings.Join(all, " ")
}
