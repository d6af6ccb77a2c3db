package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/escape"
	"github.com/socktrace/socktrace/internal/plural"
)

// columns is how wide lines for people are.
const columns = 80

// wrap breaks words into lines, each behind mark, which may be an indent and what begins a
// comment. Of a word that is too long there is a line of its own.
func wrap(mark, s string) string {
	var b strings.Builder
	width := 0
	for word := range strings.FieldsSeq(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case width == 0:
			b.WriteString(mark)
			width = utf8.RuneCountInString(mark)
		case width+1+n > columns:
			b.WriteString("\n" + mark)
			width = utf8.RuneCountInString(mark)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	if width > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

// few joins names: of more than most, the first, and how many there are besides.
func few(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}

// shown returns names of clients as they may stand in a line.
func shown(names []string) (all []string) {
	for _, n := range names {
		all = append(all, escape.Line(n))
	}
	return all
}

// says describes what a rule is for: "ContainerList (2), ContainerCreate (1)".
func (r *rule) says() string {
	var all []string
	for _, u := range r.uses {
		all = append(all, u.Name()+" ("+strconv.FormatInt(u.Count, 10)+")")
	}
	return strings.Join(all, ", ")
}

// mostBeyond is how many operations are named that a rule lets in unasked.
const mostBeyond = 6

// saysBeyond describes what a rule lets in besides; empty if that is nothing.
func (r *rule) saysBeyond() string { return saysMore("Lets in ", r.beyond) }

// saysMore names operations, the first of them, behind their number.
func saysMore(before string, ops []*operation) string {
	if len(ops) == 0 {
		return ""
	}
	named := ops[:min(len(ops), mostBeyond)]
	var all []string
	for i, o := range named {
		name := o.Name
		if says := o.danger(); says != "" && (i+1 == len(named) || named[i+1].danger() != says) { // once for those that are alike
			name += " (" + says + ")"
		}
		all = append(all, name)
	}
	text := before + strconv.Itoa(len(ops)) + " more: " + strings.Join(all, ", ")
	if more := len(ops) - len(named); more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// summary says what there was, and how much is let in.
func (l *plan) summary() string {
	s := l.seen
	text := plural.Of(s.Requests, "request") + " of " + few(shown(s.Clients), 4) + ", for " + plural.Of(int64(countNames(s.operationsSeen())), "operation") + ". "
	if s.Requests == 0 {
		text = "No requests. "
	}
	in, all := countNames(l.letIn), countNames(l.universe)
	return text + "These rules let in " + strconv.Itoa(in) + " of " + strconv.Itoa(all) + " operations."
}

// failures says how many requests failed; empty if none did.
func (s *Seen) failures() string {
	var all int64
	var statuses []string
	for _, status := range byCount(s.failed) {
		all += s.failed[status]
		statuses = append(statuses, strconv.Itoa(status))
	}
	if all == 0 {
		return ""
	}
	return strconv.FormatInt(all, 10) + " of " + plural.Of(s.Requests, "request") + " failed (" + few(statuses, 4) + "): what comes behind them was perhaps not asked for."
}

// remarks says what else has to be known of the rules.
func (l *plan) remarks() (all []string) {
	s := l.seen
	if failures := s.failures(); failures != "" {
		all = append(all, failures)
	}
	root := map[bool]bool{}
	for _, u := range s.Operations {
		looks := l.proxy == wollomatic && !u.op.libpod
		if !u.op.creates() || root[looks] {
			continue
		}
		root[looks] = true
		says := "these rules do not look at what a container is to have"
		if looks {
			says = "no rule here looks at more of a container than its mounts"
		}
		all = append(all, "Who may ask for "+u.op.Name+" can become root on the host: "+says+".")
	}
	if n := l.olderLetIn(); n > 0 {
		g := gatesOf(l.proxy)
		all = append(all, "These rules are for all releases. Counted is what those "+g.newer+" let in; those "+g.older+" let in "+strconv.Itoa(n)+" more, which is told too.")
	}
	for _, u := range l.unsaid {
		all = append(all, "No rule of this proxy lets in "+u.Name()+", "+u.Request()+" ("+strconv.FormatInt(u.Count, 10)+").")
	}
	for _, u := range s.Operations {
		if u.Based > 0 {
			all = append(all, plural.Of(u.Based, "request")+" for "+u.Name()+" had something before the version, and "+plural.Verb(u.Based, "is", "are")+" denied: "+quoted(u.Example)+".")
		}
		if u.Stream && l.proxy != cetusguard {
			all = append(all, u.Name()+" became a stream without an upgrade, which this proxy does not relay both ways.")
		}
	}
	if s.HTTP2 > 0 {
		all = append(all, plural.Of(s.HTTP2, "request")+" of HTTP/2 from the first byte, which this proxy does not relay, "+plural.Verb(s.HTTP2, "is", "are")+" left out.")
	}
	if len(s.Others) > 0 {
		var names []string
		for _, o := range s.Others {
			names = append(names, quoted(o.Method+" "+o.Path)+" ("+strconv.FormatInt(o.Count, 10)+")")
		}
		all = append(all, "No operations of the API, and no rules for them: "+few(names, 5)+".")
	}
	if s.OtherMore > 0 {
		all = append(all, plural.Of(s.OtherMore, "request")+" for what is no operation were only counted.")
	}
	return all
}
