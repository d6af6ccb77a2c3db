package render

import (
	"io"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// callScript shows how to ask for the same as each exchange by other means, when it ends:
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
	begun   bool
	out     []byte
}

// NewCalls returns a sink that shows exchanges as calls of a form, for the daemon that
// their connections are with or the one that d names. It makes at most one Write of w
// for each event, and does not close w.
func NewCalls(w io.Writer, form *equivalent.Form, d equivalent.Options, o Options) wire.Sink {
	c := &callScript{
		w: w, form: form, o: o, daemon: d, colors: newPalette(o.Color),
		secured: make(map[int]*wire.TLS), setup: make(map[string]string),
	}
	c.colors.ascii = o.ASCII
	return c
}

// Needs is what requests consist of, and what people know them by.
func (c *callScript) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Telling: true, Sizes: true, Body: equivalent.MaxBody}
}

// Event shows an exchange that has ended.
func (c *callScript) Event(ev wire.Event, _ *wire.Exchange) error {
	switch ev := ev.(type) {
	case *wire.TLS:
		c.note(ev)
		return nil
	case *wire.Close:
		delete(c.secured, connID(&ev.Meta))
		return c.story(ev.Story)
	case *wire.Dropped:
		c.out = recycle(c.out)
		c.separate()
		c.comment(strconv.FormatInt(ev.Events, 10) + " events are missing here: the output was too slow")
		return flush(c.w, c.out)
	case *wire.Exchange:
		c.out = recycle(c.out)
		c.exchange(ev)
		return flush(c.w, c.out)
	}
	return nil
}

// Close adds what stands behind all calls. The writer is its owner's.
func (c *callScript) Close() error {
	if c.form.Head == "" && c.form.Foot == "" {
		return nil
	}
	c.out = recycle(c.out)
	c.begin()
	return flush(c.w, append(c.out, c.form.Foot...))
}

// maxSecured bounds of how many connections is remembered that they speak TLS.
const maxSecured = 1 << 10

// note notes that the daemon of a connection is spoken to with TLS.
func (c *callScript) note(ev *wire.TLS) {
	if ev.Peer == "client" || ev.Conn == nil {
		return
	}
	if len(c.secured) >= maxSecured {
		clear(c.secured)
	}
	c.secured[ev.Conn.ID] = ev
}

// options returns what is known of the daemon of a connection.
func (c *callScript) options(conn *wire.Conn) equivalent.Options {
	if conn == nil {
		return c.daemon
	}
	return c.daemon.Of(conn, c.secured[conn.ID])
}

// exchange adds the call of an exchange, and what is to be said of it.
func (c *callScript) exchange(x *wire.Exchange) {
	call := c.form.Of(x, c.options(x.Conn))
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
		c.lines(call.Text)
	}
	if x.Said != nil {
		for _, line := range explain.Lines(x.Said.Answer) {
			c.comment(line)
		}
	}
}

// story says what the connections of a client were for, behind their calls.
func (c *callScript) story(s *wire.Story) error {
	if s == nil || !c.begun {
		return nil
	}
	c.out = recycle(c.out)
	c.separate()
	c.comment(explain.Tell(s))
	return flush(c.w, c.out)
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
