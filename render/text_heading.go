package render

import (
	"cmp"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// enter begins another section, if the event is not of the one that was shown last:
//
//	── 1.2 ContainerCreate nc1 ───────────── docker[23921] → dockerd
//	── 1.2 ContainerCreate nc1
//
// the former with an empty line before it, the latter where an exchange goes on
// that has its heading.
func (t *text) enter(ev wire.Event, x *wire.Exchange) {
	m := ev.EventMeta()
	u := t.sectionOf(m)
	if u == t.at {
		return
	}
	_, begins := ev.(*wire.Request)
	_, opens := ev.(*wire.Open)
	goesOn := u.exchange > 0 && !begins
	if t.at != (section{}) && !goesOn {
		t.out = append(t.out, '\n')
	}
	t.at = u
	if u == ofConnections || opens {
		return // its line is a heading
	}
	t.prefix, t.before, t.hang = t.prefix[:0], 0, len("-- ")
	t.own(roleFaint, "── ")
	t.line, _ = appendNumber(t.line, t.colors, m)
	if u.exchange > 0 {
		t.title(x, goesOn)
	}
	if !goesOn {
		t.rule(m)
	}
	t.end()
	t.hang = 0
}

// title adds what an exchange is: the operation and what that is about, or what
// was asked where no operation is known.
func (t *text) title(x *wire.Exchange, faint bool) {
	bold, normal := roleOperation, plain
	if faint {
		bold, normal = roleFaint, roleFaint
	}
	t.own(plain, " ")
	switch {
	case x == nil || x.Request == nil:
		t.own(roleFaint, "(request not seen)")
	case x.Request.Call.Operation == "":
		path, _, _ := strings.Cut(x.Request.Target, "?")
		t.text(bold, clipped(x.Request.Method, t.colors))
		t.own(plain, " ")
		t.text(normal, clipped(t.briefly(path), t.colors))
	default:
		t.text(bold, clipped(x.Request.Call.Operation, t.colors))
		if about := t.about(x); about != "" {
			t.own(plain, " ")
			t.text(normal, clipped(about, t.colors))
		}
	}
}

// about names what an exchange is about.
func (t *text) about(x *wire.Exchange) string {
	s := x.Subject
	if s.Name == "" && s.ID == "" {
		s.ID = x.Request.Call.Subject
	}
	return subjectWords(&s)
}

// rule adds who talks to whom, at the right end of a line that goes on until there.
// Where that does not fit, it is said without the server, or when alone; or nothing.
func (t *text) rule(m *wire.Meta) {
	if t.width == 0 {
		t.own(roleFaint, " ──")
		t.parties(m, true, true)
		return
	}
	end := len(t.line)
	room := t.width - columns(t.line) - len(" -")
	for _, told := range [...]struct{ client, server bool }{{true, true}, {true, false}, {false, false}} {
		t.parties(m, told.client, told.server)
		t.moved = append(t.moved[:0], t.line[end:]...)
		t.line = t.line[:end]
		if columns(t.moved) <= room {
			break
		}
		t.moved = t.moved[:0]
	}
	if dashes := room - columns(t.moved) + 1; dashes > 0 {
		t.own(plain, " ")
		t.own(roleFaint, strings.Repeat("─", dashes))
	}
	t.line = append(t.line, t.moved...)
}

// parties adds who talks to whom, as far as it is to be told; of what is carried by
// another exchange, where that is; and the time, unless the lines of connections tell
// it.
func (t *text) parties(m *wire.Meta, client, server bool) {
	if client {
		t.own(plain, " ")
		t.who(m.Conn, server)
	}
	if t.short() && !m.Start.IsZero() {
		between := " "
		if client {
			between = "  "
		}
		t.own(roleTime, between+m.Start.In(t.o.zone()).Format(clock))
	}
}

// who adds who talks in a connection, and to whom, if that is to be told.
func (t *text) who(c *wire.Conn, server bool) {
	from, to := "", ""
	switch {
	case c.Reversed:
		from, to = roleName(c, c.Client, "client", "server"), roleName(c, c.Server, "server", "client")
	case c.Parent.Conn != nil:
		t.own(roleFaint, "inside ")
		t.own(plain, inside(c))
		t.own(roleFaint, " by ")
		t.text(plain, c.Via)
		return
	default:
		from, to = cmp.Or(t.shown.of(c), peerName(c.Client, true)), peerName(c.Server, false)
	}
	t.text(roleFaint, from)
	if server {
		t.own(roleFaint, " → ")
		t.text(roleFaint, to)
	}
}
