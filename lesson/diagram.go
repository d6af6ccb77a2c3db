package lesson

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/buildkit"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// diagram shows messages in the order of time.
type diagram struct {
	lanes  []string
	server int // the lane of the daemon; the container is behind it
	arrows []arrow
	folded int // messages that stand in one arrow with the one before
	left   int // arrows at the end that are not shown
}

// arrow is a message from one lane to another, or a note over both.
type arrow struct {
	from, to int // lanes
	kind     arrowKind
	label    string
	times    int // how often it comes in a row
	step     int // its number
	at       time.Time
	order    int // of arrows at the same time
}

// arrowKind says what a message is.
type arrowKind uint8

const (
	asks    arrowKind = iota // a request, or what is sent behind one
	answers                  // an answer, or what comes behind one
	note                     // no message, but what happens between
)

// Bounds of a diagram.
const (
	maxArrows = 150
	maxLabel  = 44 // characters
)

// drawn returns the diagram of steps.
func drawn(steps []*step, clients *clients) *diagram {
	server := len(clients.lanes)
	d := &diagram{lanes: append(slices.Clone(clients.lanes), "daemon"), server: server}
	var all []arrow
	container := false
	for _, s := range steps {
		for _, a := range arrowsOf(s, clients.lane(s.x), server) {
			container = container || a.from > server || a.to > server
			a.step = s.number
			all = append(all, a)
		}
	}
	if container {
		d.lanes = append(d.lanes, "container")
	}
	for i := range all {
		all[i].order = i
	}
	slices.SortFunc(all, func(a, b arrow) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.order, b.order)) })
	d.fold(all)
	return d
}

// fold adds arrows, with those that say the same as the one before as one.
func (d *diagram) fold(all []arrow) {
	for i := 0; i < len(all); {
		size, times := run(all[i:])
		if len(d.arrows)+size > maxArrows {
			d.left = len(all) - i
			return
		}
		for _, a := range all[i : i+size] {
			a.times = times
			d.arrows = append(d.arrows, a)
		}
		d.folded += size * (times - 1)
		i += size * times
	}
}

// maxRun is how many arrows in a row are looked for again behind them.
const maxRun = 4

// run returns how many arrows repeat from the beginning of all, and how often.
func run(all []arrow) (size, times int) {
	for size = 1; size <= maxRun && 2*size <= len(all); size++ {
		times = 1
		for (times+1)*size <= len(all) && alike(all[:size], all[times*size:]) {
			times++
		}
		if times >= leastRun {
			return size, times
		}
	}
	return 1, 1
}

// leastRun is how often arrows have to come to be folded.
const leastRun = 3

// alike reports whether b begins with arrows that say the same as those of a.
func alike(a, b []arrow) bool {
	for i := range a {
		if a[i].from != b[i].from || a[i].to != b[i].to || a[i].kind != b[i].kind || unnumbered(a[i]) != unnumbered(b[i]) {
			return false
		}
	}
	return true
}

// unnumbered returns the label of an arrow without the number of its step.
func unnumbered(a arrow) string { return strings.TrimPrefix(a.label, strconv.Itoa(a.step)+". ") }

// arrowsOf returns those of a step, from the lane of its client to that of the daemon,
// behind which is that of the container.
func arrowsOf(s *step, client, server int) (all []arrow) {
	x := s.x
	if x.Request != nil {
		all = append(all, arrow{from: client, to: server, kind: asks, at: x.Start, label: cutText(strconv.Itoa(s.number)+". "+asked(s), maxLabel)})
	}
	if p := x.Response; p != nil {
		all = append(all, arrow{from: server, to: client, kind: answers, at: answeredAt(s), label: cutText(answered(s), maxLabel)})
	}
	for i := range s.said {
		if a, ok := arrowOf(s, &s.said[i], client, server); ok && !s.toldOtherwise(i) {
			all = append(all, a)
		}
	}
	if n := s.carried(); n > 0 {
		all = append(all, arrow{from: client, to: server, kind: note, at: answeredAt(s), label: plural.Of(n, "call") + " over HTTP/2 inside"})
	}
	if end := ended(x); end != "" {
		all = append(all, arrow{from: client, to: server, kind: note, at: x.End, label: cutText(end, maxLabel)})
	}
	return all
}

// answeredAt returns when an answer stands in the diagram: when its head came; when the
// whole is one document, that is when it ends.
func answeredAt(s *step) time.Time {
	x := s.x
	if x.Response == nil {
		return x.End
	}
	if x.ResponseBody != nil && !apart(s) {
		return later(x.Response.End, x.ResponseBody.End)
	}
	return x.Response.End
}

// apart reports whether what an answer says is told message by message, since it comes
// when something happens.
func apart(s *step) bool {
	if s.x.Waits() {
		return true
	}
	for i := range s.said {
		if streams(s.said[i].kind) {
			return true
		}
	}
	return s.documents(wire.ToClient) > 1
}

// streams reports whether messages of a kind are what a process reads and writes.
func streams(k wire.Kind) bool {
	switch k {
	case wire.KindStdin, wire.KindStdout, wire.KindStderr, wire.KindSystemErr, wire.KindTerminal:
		return true
	}
	return false
}

// documents counts those of a direction that were kept.
func (s *step) documents(dir wire.Dir) (n int) {
	for i := range s.said {
		if s.said[i].dir == dir && s.said[i].kind == wire.KindJSON {
			n++
		}
	}
	return n
}

// carried counts the calls inside a step.
func (s *step) carried() (n int64) {
	for _, c := range s.inside {
		n += c.count
	}
	return n + s.others
}

// arrowOf returns the arrow of a message; false if the one of its request or answer
// stands for it.
func arrowOf(s *step, m *message, client, server int) (arrow, bool) {
	a := arrow{from: server, to: client, kind: answers, at: m.at}
	switch {
	case streams(m.kind):
		if m.kind != wire.KindSystemErr {
			a.from = server + 1
		}
		a.label = m.kind.String() + ": " + firstLine(m.text)
	case m.kind == wire.KindWebSocket:
		a.label = "message: " + firstLine(m.text)
	case m.kind == wire.KindRaw && s.x.Upgrade != nil && len(s.inside) == 0:
		a.label = "data, " + plural.Of(m.size, "byte")
	case m.of == buildkit.Status:
		a.label = "progress of the build"
	case m.kind == wire.KindGRPC:
		a.label = shortType(m.of)
	case m.kind == wire.KindJSON && m.dir == wire.ToClient && apart(s):
		a.label = brief(m.text)
	default:
		return a, false
	}
	if m.dir == wire.ToServer {
		a.kind = asks
		a.from, a.to = a.to, a.from
	}
	a.label = cutText(a.label, maxLabel)
	return a, true
}

// firstLine returns the first line of a text that says something.
func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimLeft(string(b), " \t\r\n"), "\n")
	return strings.TrimRight(line, " \t\r")
}

// brief returns what a document of a stream says, in a few words: an event, a step of a
// pull, an exit status.
func brief(doc []byte) string {
	fields := make(map[string]string)
	for name, value := range jsontext.Members(bytes.TrimSpace(doc)) {
		key, _ := jsontext.Unquote(name)
		if text, ok := jsontext.Unquote(value); ok {
			fields[string(key)] = string(text)
		} else if string(key) == "StatusCode" {
			return "exit status " + string(value)
		}
	}
	switch {
	case fields["Action"] != "":
		return "event: " + fields["Type"] + " " + fields["Action"]
	case fields["status"] != "":
		return fields["status"]
	case fields["error"] != "":
		return "error: " + fields["error"]
	case strings.TrimSpace(fields["stream"]) != "":
		return firstLine([]byte(fields["stream"]))
	case fields["id"] != "":
		return fields["id"]
	}
	return compact(doc)
}

// asked returns what a step asks for, in a few words.
func asked(s *step) string {
	r := s.x.Request
	name := s.operation()
	if name == "" || name == grpcMethod {
		name = callName(s.x)
	}
	if about := aboutOf(s.x); about != "" {
		return name + " " + about
	}
	if s.operation() == "" {
		return name
	}
	if image := detail(s.x, "image"); image != "" && r.Call.Subject == "" {
		return name + " " + image
	}
	return name
}

// answered returns what the answer is, in a few words.
func answered(s *step) string {
	p := s.x.Response
	text := strings.TrimSpace(fmt.Sprintf("%d %s", p.Status, p.Reason))
	if g, ok := s.x.GRPC(); ok && g.Status != "" {
		return g.Status
	}
	if msg := s.x.Outcome.Error; msg != "" && !apart(s) {
		return text + ": " + firstLine([]byte(msg))
	}
	return text
}

// ended says how an exchange ended that did not do so in order; empty if it did.
func ended(x *wire.Exchange) string {
	switch {
	case x.Outcome.Left:
		return "the client leaves"
	case x.State == wire.StateOpen:
		return "still open at the end"
	case x.State == wire.StateAborted:
		return "the connection ends too early"
	case x.Response == nil && x.Request != nil:
		return "no answer was seen"
	}
	return ""
}
