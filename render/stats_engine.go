package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/stats"
)

// engineChange is what is otherwise for a use with another engine.
type engineChange struct {
	stats.Use
	explain.Change
	refused bool // as all is that asks for this version
}

// breaksAny reports whether anything would break.
func breaksAny(all []engineChange) bool {
	return slices.ContainsFunc(all, func(c engineChange) bool { return c.Breaks })
}

// engineChanges returns what would be otherwise, by client.
func engineChanges(r *stats.Report, e dockerapi.Engine) (all []engineChange) {
	for _, u := range r.Uses {
		c := &r.Clients[u.Client]
		asked := askedOf(c, versionOf(c, u.Version))
		if change, is := asked.Refused(e); is && u.Argument == nil {
			all = append(all, engineChange{u, change, true})
		}
		if change, is := asked.Changed(e, u.Operation, u.Argument); is {
			all = append(all, engineChange{u, change, false})
		}
		if change, is := asked.Lacks(e, u.Operation); is && u.Argument == nil {
			all = append(all, engineChange{u, change, false})
		}
	}
	slices.SortStableFunc(all, func(a, b engineChange) int {
		if a.Client != b.Client || a.refused != b.refused {
			return cmp.Or(cmp.Compare(a.Client, b.Client), compareFlags(b.refused, a.refused))
		}
		if a.refused {
			return cmp.Compare(a.Version, b.Version)
		}
		return 0
	})
	return all
}

// compareFlags says that false is before true.
func compareFlags(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// StatsEngine returns for people what of a report would break with an engine, and whether
// anything would.
func StatsEngine(r *stats.Report, e dockerapi.Engine, o Options) (_ []byte, broken bool) {
	p := &statsPage{o: o, colors: newPalette(o.Color), width: o.width()}
	p.colors.ascii = o.ASCII
	changes := engineChanges(r, e)
	broken = breaksAny(changes)
	breaking, unsure := make(map[int]bool), make(map[int]bool)
	var breaks, unknown, others []sentence
	for len(changes) > 0 {
		c := changes[0]
		n := 1
		for c.refused && n < len(changes) && changes[n].refused && changes[n].Client == c.Client && changes[n].Version == c.Version {
			n++
		}
		s := p.changed(r, changes[:n])
		changes = changes[n:]
		switch {
		case c.Breaks:
			breaks, breaking[c.Client] = append(breaks, s), true
		case c.Unknown:
			unknown, unsure[c.Client] = append(unknown, s), true
		default:
			others = append(others, s)
		}
	}
	p.engineSummary(r, e, len(breaking), len(unsure))
	p.sentences("breaks", breaks)
	p.sentences("not known", unknown)
	p.sentences("worth a look", others)
	return p.out, broken
}

// engineSummary is what is said in a line: of how many clients something breaks, and of how many
// it is not known whether it does.
func (p *statsPage) engineSummary(r *stats.Report, e dockerapi.Engine, breaking, unsure int) {
	says := sentence{name: "nothing breaks", says: "with"}
	of := " of " + plural.Of(int64(len(r.Clients)), "client")
	rest := ""
	switch {
	case len(r.Uses) == 0:
		says = sentence{name: "no calls of the API were seen;", says: "nothing is known of"}
	case breaking > 0:
		says = sentence{name: strconv.Itoa(breaking) + of, says: "would break with", wrong: true}
		if unsure > 0 {
			rest = "; it is not known for " + strconv.Itoa(unsure)
		}
	case unsure > 0:
		says = sentence{name: "not known for " + strconv.Itoa(unsure) + of, says: "what breaks with", wrong: true}
		if unsure < len(r.Clients) {
			rest = "; nothing that is known breaks"
		}
	}
	says.says += " engine " + e.Series + ", which has API " + e.Min.String() + " to " + e.Max.String() + rest
	p.sentence(says)
	if r.OtherUses > 0 {
		p.sentence(sentence{name: plural.Of(r.OtherUses, "use"), says: "for which there was no room are left out: whether they break is not known"})
	}
}

// changed says what is otherwise for a use, or for all of a client that are refused.
func (p *statsPage) changed(r *stats.Report, of []engineChange) sentence {
	c := &of[0]
	who := programName(&r.Clients[c.Client])
	if !c.refused {
		return sentence{name: who + ", " + useName(c.Operation, c.Argument), says: c.Says + "; " + plural.Of(c.Count, "call")}
	}
	most := slices.Clone(of)
	slices.SortStableFunc(most, func(a, b engineChange) int { return cmp.Compare(b.Count, a.Count) })
	var names []string
	const shown = 8
	for i := range most[:min(len(most), shown)] {
		names = append(names, string(appendEscaped(nil, most[i].Operation, "", ""))+" ("+strconv.FormatInt(most[i].Count, 10)+")")
	}
	if more := len(most) - shown; more > 0 {
		names = append(names, strconv.Itoa(more)+" more")
	}
	return sentence{name: who, says: "asks " + c.Version + conjunction(c.Change) + c.Says + ". It called " + strings.Join(names, ", ")}
}

// conjunction is between what a client asks and what is said of that: "is refused" is of the client.
func conjunction(c explain.Change) string {
	if strings.HasPrefix(c.Says, "is ") {
		return " and "
	}
	return ": "
}

// StatsEngineJSON is StatsEngine as a JSON line. docs/versions.md describes it.
func StatsEngineJSON(r *stats.Report, e dockerapi.Engine) (_ []byte, broken bool) {
	var o object
	changes := engineChanges(r, e)
	broken = breaksAny(changes)
	o.moment(append(o.B, `{"event":"engine","time":`...), r.End)
	o.String("engine", e.Series)
	o.String("minimum", e.Min.String())
	o.String("maximum", e.Max.String())
	o.Raw("breaks", strconv.FormatBool(broken))
	list(&o, "changes", changes, func(o *object, c *engineChange) {
		o.String("client", programName(&r.Clients[c.Client]))
		o.Optional("version", c.Version)
		o.String("operation", c.Operation)
		o.argument(c.Argument)
		o.Int("count", c.Count)
		o.Flag("refused", c.refused)
		o.Flag("breaks", c.Breaks)
		o.Flag("unknown", c.Unknown)
		o.String("says", c.Says)
	})
	o.Count("left_out", r.OtherUses)
	return append(o.B, '}', '\n'), broken
}
