package render

import (
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// callScript shows how to ask for the same as each exchange by other means, in the order of
// requests, when it ends:
//
//	# 3.2 ContainerCreate web → 404
//	# what the request is for, with --explain
//	# what the call does otherwise
//	curl …
//	# 404: what the answer means, with --explain
//
// All together is a script. What an exchange needs before it stands there once.
type callScript struct {
	w       io.Writer
	form    *equivalent.Form
	o       Options
	daemon  equivalent.Options
	colors  *palette
	secured map[int]*wire.TLS // connections that speak TLS with the daemon
	setup   map[string]string // lines that are in force, by what they set
	order   callOrder
	begun   bool
	asides  int   // calls that go on while later ones are made
	endless []int // those of them that have to be stopped
	pauses  bool  // the last call is one
	out     []byte
}

// NewCalls returns a sink that shows exchanges as calls of a form, for the daemon that
// their connections are with or the one that d names. It makes at most one Write of w
// for each event, and does not close w.
func NewCalls(w io.Writer, form *equivalent.Form, d equivalent.Options, o Options) wire.Sink {
	d.Names = new(equivalent.Names)
	c := &callScript{
		w: w, form: form, o: o, daemon: d, colors: newPalette(o.Color),
		secured: make(map[int]*wire.TLS), setup: make(map[string]string),
	}
	c.order = callOrder{open: make(map[callID]*callTurn), early: make(map[callID]bool), waits: o.Filtered, tell: c.turn}
	c.colors.ascii = o.ASCII
	return c
}

// Needs is what requests consist of, what people know them by, and what they have made.
func (c *callScript) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Telling: true, Sizes: true, Body: equivalent.MaxBody, Keeps: true}
}

// Event shows what has its turn.
func (c *callScript) Event(ev wire.Event, x *wire.Exchange) error {
	c.out = recycle(c.out)
	c.note(ev, x)
	return flush(c.w, c.out)
}

// Tick has nothing wait for long.
func (c *callScript) Tick(now time.Time, _ iter.Seq[*wire.Exchange]) error {
	c.out = recycle(c.out)
	c.order.late(now)
	return flush(c.w, c.out)
}

// note takes notice of an event.
func (c *callScript) note(ev wire.Event, x *wire.Exchange) {
	switch ev := ev.(type) {
	case *wire.TLS:
		c.secure(ev)
	case *wire.Request:
		c.order.begin(ev, c.secured[connID(&ev.Meta)])
		c.goesOn(x)
	case *wire.Response, *wire.Upgrade, *wire.Body:
		c.goesOn(x)
	case *wire.Exchange:
		c.order.end(ev, c.secured[connID(&ev.Meta)])
	case *wire.Close:
		delete(c.secured, connID(&ev.Meta))
		c.order.shut(connID(&ev.Meta))
		if ev.Story != nil {
			c.order.remark(explain.Tell(ev.Story), true)
		}
	case *wire.Dropped:
		c.order.pass()
		c.order.remark(strconv.FormatInt(ev.Events, 10)+" events are missing here: the output was too slow", false)
	}
}

// goesOn notes what is known of an exchange, if it is.
func (c *callScript) goesOn(x *wire.Exchange) {
	if x != nil && x.Request != nil {
		c.order.goesOn(x)
	}
}

// Close adds what waits, and what stands behind all calls. The writer is its owner's.
func (c *callScript) Close() error {
	c.out = recycle(c.out)
	c.order.pass()
	if c.asides > 0 && c.form.Await != nil {
		c.separate()
		c.lines(c.form.Await(c.endless))
	}
	if c.form.Head != "" || c.form.Foot != "" {
		c.begin()
		c.out = append(c.out, c.form.Foot...)
	}
	return flush(c.w, c.out)
}

// maxSecured bounds of how many connections is remembered that they speak TLS.
const maxSecured = 1 << 10

// secure notes that the daemon of a connection is spoken to with TLS.
func (c *callScript) secure(ev *wire.TLS) {
	if ev.Peer == "client" || ev.Conn == nil {
		return
	}
	if len(c.secured) >= maxSecured {
		clear(c.secured)
	}
	c.secured[ev.Conn.ID] = ev
}

// options returns what is known of the daemon of an exchange, and what else went on.
func (c *callScript) options(t *callTurn) equivalent.Options {
	o := c.daemon
	if conn := t.x.Conn; conn != nil {
		o = c.daemon.Of(conn, t.tls)
	}
	o.During = c.order.during(t)
	return o
}

// turn adds what stands at a place.
func (c *callScript) turn(t *callTurn) {
	switch x := t.x; {
	case t.remark != "":
		if c.begun || !t.story {
			c.separate()
			c.comment(t.remark)
		}
	case t.told:
		if x.Said != nil && x.Said.Answer != nil {
			c.separate()
			c.comment(c.title(x) + ", at its end")
			c.answer(x)
		}
	default:
		c.exchange(t)
	}
}

// maxEndless bounds how many calls are known that have to be stopped.
const maxEndless = 1000

// exchange adds the call of an exchange, and what is to be said of it. It goes on while
// those behind it are made, if the exchange has.
func (c *callScript) exchange(t *callTurn) {
	x := t.x
	call := c.form.Of(x, c.options(t))
	aside := call.Text != "" && c.form.Aside != nil && (call.Aside || x.Waits() && c.order.lasts(t))
	if aside {
		c.asides++
		endless := isEndless(t) && len(c.endless) < maxEndless
		if endless {
			c.endless = append(c.endless, c.asides)
		}
		call.Text = c.form.Aside(call.Text, c.asides, endless)
		call.Setup = append(call.Setup, c.form.AsideSetup...)
	}
	c.separate()
	c.prepare(call.Setup)
	c.comment(c.title(x))
	if x.Said != nil {
		c.comment(x.Said.Asks)
	}
	for _, note := range call.Notes {
		c.comment(note)
	}
	if call.Text != "" {
		if c.pauses && !aside {
			c.lines(c.form.Pause)
		}
		c.pauses = aside
		c.lines(call.Text)
	}
	c.answer(x)
}

// isEndless says whether what lasts ends only when its client leaves: it has left, or nothing
// has ended it so far, as the end of a process does.
func isEndless(t *callTurn) bool {
	if t.ended {
		return t.x.Outcome.Left || t.x.State != wire.StateDone
	}
	return t.x.Upgrade == nil && t.x.Request.Call.Operation != "ContainerWait"
}

// answer adds what the answer means.
func (c *callScript) answer(x *wire.Exchange) {
	if x.Said != nil {
		for _, line := range explain.Lines(x.Said.Answer) {
			c.comment(line)
		}
	}
}

// lines adds lines of a call.
func (c *callScript) lines(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			c.out = append(append(c.out, c.form.Indent...), line...)
		}
		c.out = append(c.out, '\n')
	}
}

// separate adds an empty line, but at the beginning.
func (c *callScript) separate() {
	if c.begun || c.form.Head != "" {
		c.out = append(c.out, '\n')
	}
	c.begin()
}

// begin adds what stands before all calls.
func (c *callScript) begin() {
	if !c.begun {
		c.out = append([]byte(c.form.Head), c.out...)
	}
	c.begun = true
}

// prepare adds the lines that must stand before a call, but for those that are in force:
// they, or ones that say more.
func (c *callScript) prepare(lines []string) {
	added := false
	for _, line := range lines {
		sets, _, _ := strings.Cut(line, " = ")
		if is := c.setup[sets]; is != "" && strings.HasPrefix(is, strings.TrimSuffix(line, ")")) {
			continue
		}
		c.setup[sets] = line
		c.lines(line)
		added = true
	}
	if added {
		c.out = append(c.out, '\n')
	}
}

// title says which exchange it is, and what became of it.
func (c *callScript) title(x *wire.Exchange) string {
	id, _ := appendNumber(nil, &palette{ids: []string{""}}, &x.Meta)
	title := string(id)
	switch r := x.Request; {
	case r == nil:
		title += " (request not seen)"
	case r.Call.Operation != "":
		title += " " + r.Call.Operation
	default:
		title += " " + r.Method + " " + withMarks(r.Target)
	}
	if s := subjectWords(&x.Subject); s != "" {
		title += " " + s
	}
	title += " " + c.colors.glyph("→") + " "
	switch {
	case x.Response != nil:
		title += strconv.Itoa(x.Response.Status)
	case x.State == wire.StateOpen:
		title += x.State.String()
	default:
		title += "no answer"
	}
	return title
}

// comment adds text as comments, escaped.
func (c *callScript) comment(text string) {
	most := longestLine
	if width := c.o.width(); width > 0 && width < most {
		most = max(width, minRoom)
	}
	most -= len(c.form.Comment) + len(c.form.Indent)
	for _, line := range brokenAtWords(Escaped(text), most, most) {
		c.out = append(c.out, c.form.Indent...)
		if open := c.colors.open[roleFaint]; open != "" {
			c.out = append(append(append(append(c.out, open...), c.form.Comment...), line...), sgrReset...)
		} else {
			c.out = append(append(c.out, c.form.Comment...), line...)
		}
		c.out = append(c.out, '\n')
	}
}
