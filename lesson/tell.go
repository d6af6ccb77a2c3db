package lesson

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/markup"
	"github.com/socktrace/socktrace/internal/units"
)

// newPage returns the lesson of an account that has ended.
func newPage(a *account, o Options) *page {
	groups := a.groupsOf(a.steps)
	t := &teller{account: a, o: o, clients: clientsOf(a.steps), explained: make(map[string]bool), shown: make(map[[sha256.Size]byte]int), groups: groups}
	p := &page{title: t.title(), began: a.began, lead: t.lead()}
	if len(a.steps) == 0 {
		return p
	}
	p.diagram = drawn(a.steps, t.clients)
	for i, g := range groups {
		s := section{chapters: t.chapters(g.steps)}
		if len(groups) > 1 {
			s.title, s.anchor = cutText(g.name, maxName), "story-"+strconv.Itoa(i+1)
			if g.story != nil {
				s.parts = []part{paragraph(markup.Plain(strings.TrimPrefix(explain.Tell(g.story), g.name+": ") + "."))}
			}
		}
		p.groups = append(p.groups, s)
	}
	return p
}

// chapters tells of the steps of a group.
func (t *teller) chapters(steps []*step) (all []chapter) {
	for i := 0; i < len(steps); {
		n := repeats(steps[i:])
		all = append(all, t.chapter(steps[i:i+n]))
		i += n
	}
	return all
}

// title returns what the lesson is called.
func (t *teller) title() string {
	switch {
	case t.o.Title != "":
		return t.o.Title
	case len(t.told) == 1:
		return "What " + t.told[0].Name + " asks the daemon"
	}
	return "What was said to the daemon"
}

// repeats returns how many steps, from the first on, ask for the same and get the same,
// with none of another group in between.
func repeats(steps []*step) int {
	first := steps[0]
	if first.x.Request == nil || len(first.inside) > 0 {
		return 1
	}
	n := 1
	for n < len(steps) && steps[n].number == first.number+n && sameStep(first, steps[n]) {
		n++
	}
	if n < leastRun {
		return 1
	}
	return n
}

// sameStep reports whether two steps ask for the same, on whatever connection, and are
// answered alike.
func sameStep(a, b *step) bool {
	return b.x.Request != nil && a.x.Request.Method == b.x.Request.Method && a.x.Request.Target == b.x.Request.Target &&
		a.status() == b.status() && a.x.State == b.x.State && clientName(a.x) == clientName(b.x)
}

// chapter tells of the first of steps that are alike, and how many they are.
func (t *teller) chapter(alike []*step) chapter {
	s, times := alike[0], len(alike)
	c := chapter{anchor: "step-" + strconv.Itoa(s.number)}
	number := strconv.Itoa(s.number)
	if times > 1 {
		number += " to " + strconv.Itoa(alike[times-1].number)
	}
	e := entryOf(s)
	c.title = number + ". " + heading(s, e)
	c.parts = append(c.parts, paragraph(t.facts(s)))
	if times > 1 {
		c.parts = append(c.parts, paragraph(markup.Plain(fmt.Sprintf("It is asked for %d times in a row, with the same answer; this is the first.", times))))
	}
	c.parts = append(c.parts, t.sentences(s, e)...)
	messages, again := t.messages(s)
	c.parts = append(c.parts, messages...)
	c.parts = append(c.parts, t.calls(s)...)
	c.parts = append(c.parts, trouble(s)...)
	if !again {
		c.parts = append(c.parts, t.curl(s)...)
	}
	return c
}

// messages shows request and answer, unless they are those of a step before.
func (t *teller) messages(s *step) (all []part, again bool) {
	all = append(t.request(s), t.answer(s)...)
	sum := sumOf(all)
	if before := t.shown[sum]; before > 0 {
		return []part{paragraph(markup.Plain(fmt.Sprintf("The request and the answer are those of step %d.", before)))}, true
	}
	t.shown[sum] = s.number
	return all, false
}

// sumOf tells parts apart by all that they say.
func sumOf(all []part) [sha256.Size]byte {
	h := sha256.New()
	for i := range all {
		for _, w := range all[i].words {
			fmt.Fprintf(h, "%q", w.Text)
		}
		fmt.Fprintf(h, "%q", all[i].code)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// entryOf returns what there is to say of the operation of a step; nil if that is not
// known.
func entryOf(s *step) *explain.Entry {
	if name := s.operation(); name != "" && name != grpcMethod {
		return explain.Of(name)
	}
	if g, ok := s.x.GRPC(); ok {
		return explain.Of(shortMethod(g.Method))
	}
	return nil
}

// heading returns what a step does, in a few words.
func heading(s *step, e *explain.Entry) string {
	if e != nil {
		text := imperative(e.Short)
		if about, inside := aboutOf(s.x); inside {
			text += " in " + about
		} else if about != "" {
			text += ": " + about
		}
		return text
	}
	if s.x.Request == nil {
		return "An answer whose request was not seen"
	}
	return callName(s.x)
}

// facts says who asks, when, and what the answer is.
func (t *teller) facts(s *step) markup.Text {
	var w markup.Text
	if name := s.operation(); name != "" {
		w = markup.Code(name)
		if about, inside := aboutOf(s.x); inside {
			w = w.And(markup.Plain(" in "), markup.Code(about))
		} else if about != "" {
			w = w.And(markup.Plain(" of "), markup.Code(about))
		}
		w = w.And(markup.Plain(", "))
	}
	asked := "asked by "
	if len(w) == 0 {
		asked = "Asked by "
	}
	w = w.And(markup.Plain(asked), markup.Code(clientName(s.x)), markup.Plain(" at "+since(s.x.Start, t.began)))
	took := s.x.End.Sub(s.x.Start)
	if p := s.x.Response; p != nil {
		w = w.And(markup.Plain("; the answer is "), markup.Code(strings.TrimSpace(strconv.Itoa(p.Status)+" "+cutText(p.Reason, maxName))))
		first := took
		if apart(s) {
			first = p.End.Sub(s.x.Start)
		}
		w = w.And(markup.Plain(" after " + units.Duration(max(first, 0))))
	}
	if g, ok := s.x.GRPC(); ok && g.Status != "" {
		w = w.And(markup.Plain("; the status of the call is "), markup.Code(g.Status))
	}
	if apart(s) {
		w = w.And(markup.Plain("; it lasts " + units.Duration(took)))
	}
	if end := ended(s.x); end != "" {
		w = w.And(markup.Plain("; " + end))
	}
	return w.And(markup.Plain(fmt.Sprintf(" (exchange %d.%d of the trace).", s.x.Conn.ID, s.x.Meta.Exchange)))
}

// sentences says what a step is for; all about an operation where it comes first.
func (t *teller) sentences(s *step, e *explain.Entry) []part {
	text := ""
	if said := s.x.Said; said != nil {
		text = said.Asks
	}
	if e != nil && text == "" {
		text = e.Short
	}
	all := []part{paragraph(markup.Plain(text))}
	if e != nil && !t.explained[e.Name] && e.Long != "" {
		t.explained[e.Name] = true
		if more := news(e.Long, strings.TrimPrefix(text, e.Short)); more != "" {
			all = append(all, paragraph(markup.Plain(more)))
		}
	}
	if text == "" {
		return all[1:]
	}
	return all
}

// trouble says what an answer means that is an error, or that people stumble over.
func trouble(s *step) []part {
	if s.x.Said == nil || s.x.Said.Answer == nil {
		return nil
	}
	m := s.x.Said.Answer
	var items []markup.Text
	if m.Means != "" {
		items = append(items, markup.Plain(m.Means))
	}
	if m.Prints != "" {
		items = append(items, markup.Plain("The docker CLI prints ").And(markup.Code(cutText(m.Prints, maxString)), markup.Plain(".")))
	}
	if m.Raises != "" {
		items = append(items, markup.Plain("docker-py raises ").And(markup.Code(m.Raises), markup.Plain(".")))
	}
	if m.Try != "" {
		items = append(items, markup.Plain("What helps: "+m.Try+"."))
	}
	return []part{{kind: isFailure, words: markup.Plain("What ").And(markup.Code(m.Status), markup.Plain(" means:")), items: items}}
}

// curl shows how to ask for the same.
func (t *teller) curl(s *step) (all []part) {
	form := equivalent.Named("curl")
	if form == nil || s.x.Request == nil {
		return nil
	}
	call := form.Of(s.x, t.o.Daemon.Of(s.x.Conn, t.tls[s.x.Conn]))
	if call.Text == "" {
		if len(call.Notes) > 0 {
			all = append(all, paragraph(markup.Plain("No command of curl does the same. "+strings.Join(call.Notes, " "))))
		}
		return all
	}
	code := strings.Join(append(call.Setup, call.Text), "\n")
	all = append(all, part{kind: isCode, words: markup.Plain("The same with curl:"), lang: "sh", code: code})
	if len(call.Notes) > 0 {
		var items []markup.Text
		for _, note := range call.Notes {
			items = append(items, markup.Plain(note))
		}
		all = append(all, part{kind: isList, items: items})
	}
	return all
}
