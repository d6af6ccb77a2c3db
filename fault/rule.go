package fault

import (
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/wire"
)

// Kind is what becomes of a request.
type Kind uint8

// Daemons see requests that are delayed, or whose answers are cut; no others.
const (
	Answer Kind = iota // it is answered with Action.Status in the daemon's place
	Delay              // it goes on after Action.Delay
	Cut                // the connection is closed behind Action.After bytes of the body or stream of its answer
	Reset              // the connection is reset, or closed where there is no such thing
	Stall              // nothing answers it
)

// words are what the kinds are called in rules; that of Answer is a status.
var words = [...]string{Delay: "delay", Cut: "cut", Reset: "reset", Stall: "stall"}

// Action is what becomes of a request by a rule.
type Action struct {
	Kind    Kind
	Status  int           // of Answer
	Message string        // of Answer; never empty
	Delay   time.Duration // of Delay
	After   int64         // of Cut, in bytes as they are sent: those of chunks count
	Rule    string        // which one it is: "ContainerStart: 500"
}

// String returns the action as a rule has it, without the message.
func (a *Action) String() string {
	switch a.Kind {
	case Answer:
		return strconv.Itoa(a.Status)
	case Delay:
		return "delay " + a.Delay.String()
	case Cut:
		return "cut after " + units.TypedSize(a.After)
	}
	return words[a.Kind]
}

// Rule is one that Parse has read. It does not change.
type Rule struct {
	Text   string // as it was given, without the white space around it
	Which  string
	Action Action
	Times  int     // how often it is applied; 0: without end
	Skip   int     // how many requests that fit are left alone first
	Share  float64 // of those that fit, from 0 to 1, by chance; 1: all

	path   []string       // the segments of a pattern; nil if it is none
	filter *filter.Filter // else
}

// needs is what the rule looks at in a request.
func (r *Rule) needs() wire.Needs {
	// Fields tell what a request wants to become of its connection.
	n := wire.Needs{Lines: true, Fields: true}
	if r.filter != nil {
		n = n.Union(r.filter.Needs())
	}
	return n
}

// fits reports whether a request is one of those that the rule is about.
func (r *Rule) fits(q *wire.Request) bool {
	if r.filter == nil {
		return fitsPath(r.path, strings.Split(plainPath(q.Target), "/"))
	}
	x := &wire.Exchange{Meta: q.Meta, Request: q}
	v, err := r.filter.Judge().Judge(q, x, func(func(wire.Event) bool) {})
	return v == wire.Shown && err == nil
}

// plainPath returns the path of a target without the version of the API.
func plainPath(target string) string {
	if _, rest, is := strings.Cut(target, "://"); is { // the form for proxies
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return "/"
		}
		target = rest[i:]
	}
	target, _, _ = strings.Cut(target, "?")
	if version, rest, _ := strings.Cut(strings.TrimPrefix(target, "/"), "/"); isVersion(version) {
		return "/" + rest
	}
	return target
}

// isVersion reports whether a segment of a path is a version such as v1.41.
func isVersion(s string) bool {
	major, minor, dot := strings.Cut(strings.TrimPrefix(s, "v"), ".")
	const digits = "0123456789"
	return strings.HasPrefix(s, "v") && dot && major != "" && minor != "" && strings.Trim(major+minor, digits) == ""
}

// anySegments is the segment of a pattern that stands for any number of them.
const anySegments = "**"

// fitsPath reports whether the segments of a path fit those of a pattern. It goes back to the
// last two stars alone, so it takes no more steps than the product of both lengths.
func fitsPath(pattern, segments []string) bool {
	p, s, star, from := 0, 0, -1, 0
	for s < len(segments) {
		switch {
		case p < len(pattern) && pattern[p] == anySegments:
			star, from = p, s
			p++
		case p < len(pattern) && fitsSegment(pattern[p], segments[s]):
			p++
			s++
		case star >= 0:
			from++
			p, s = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anySegments {
		p++
	}
	return p == len(pattern)
}

// fitsSegment reports whether a segment fits one of a pattern, which Parse has checked.
func fitsSegment(pattern, segment string) bool {
	is, _ := path.Match(pattern, segment)
	return is
}
