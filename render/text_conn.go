package render

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// opened tells who connected to whom, and when: the times of an exchange
// count from its request, this is the clock they can be fixed to. Of a connection
// inside of another it tells where that is.
func (t *text) opened(ev *wire.Open) {
	if t.short() {
		if nested(ev.Conn) {
			t.openedInside(ev)
		}
		return // headings tell it
	}
	t.note(&ev.Meta, ev.Start, "open")
	switch c := ev.Conn; {
	case c == nil:
	case c.Parent.Conn != nil:
		t.own(plain, "  ")
		t.inside(c)
		if c.Reversed || c.Via == "stdout" || c.Via == "grpc" {
			t.whoAsks(c)
		} else if !sameEnds(c, c.Parent.Conn) {
			t.ends(c)
		}
	default:
		t.ends(c)
	}
	t.end()
}

// ends tells who is at both ends of a connection.
func (t *text) ends(c *wire.Conn) {
	t.own(plain, "  ")
	t.text(plain, c.Client.String())
	if p := c.Client.Process; p != nil && p.UID >= 0 {
		t.own(roleFaint, " uid ")
		t.int(plain, int64(p.UID))
	}
	t.own(roleFaint, " → ")
	t.text(plain, c.Server.String())
}

// sameEnds reports whether two connections are between the same two.
func sameEnds(a, b *wire.Conn) bool {
	return a.Client.String() == b.Client.String() && a.Server.String() == b.Server.String()
}

// closed tells how much the connection carried and why it ended. In short it does so
// only of one that broke off.
func (t *text) closed(ev *wire.Close) {
	news := t.endings.news(ev)
	if t.short() {
		if news {
			t.mark(&ev.Meta, '*', roleNote)
			t.own(roleNote, "closed: ")
			t.text(roleAnomaly, ev.Err)
			t.end()
		}
		return
	}
	if t.o.Filtered && !news {
		return
	}
	t.note(&ev.Meta, ev.End, "closed")
	t.own(plain, "  ")
	t.size(plain, ev.Bytes[wire.ToServer])
	t.own(roleFaint, " sent  ")
	t.size(plain, ev.Bytes[wire.ToClient])
	t.own(roleFaint, " received")
	if ev.Err != "" {
		why := roleFaint
		if news {
			why = roleAnomaly
		}
		t.own(plain, "  ")
		t.text(why, ev.Err)
	}
	t.end()
}

// note begins a line about the connection itself: what and when.
func (t *text) note(m *wire.Meta, at time.Time, what string) {
	t.mark(m, '*', roleNote)
	t.own(roleNote, what)
	if !at.IsZero() {
		t.own(roleTime, " "+at.In(t.o.zone()).Format(clock))
	}
}

// upgrade tells which protocol follows, and how that was known.
func (t *text) upgrade(ev *wire.Upgrade) {
	t.mark(&ev.Meta, '*', roleNote)
	if t.short() {
		t.text(plain, became(ev))
		t.end()
		return
	}
	t.own(roleNote, "upgraded to ")
	t.text(roleOperation, ev.Protocol)
	if ev.Content != wire.KindNone && ev.Content != wire.KindWebSocket {
		t.own(roleNote, ": ")
		t.own(plain, ev.Content.String())
	}
	if ev.Reason != "" {
		t.own(roleFaint, " (by ")
		t.text(roleFaint, ev.Reason)
		t.own(roleFaint, ")")
	}
	t.end()
}

// eof tells that one direction has ended. In short it does so only of an input
// that came from somewhere.
func (t *text) eof(ev *wire.EOF, x *wire.Exchange) {
	if t.short() && (ev.Dir == wire.ToClient || x == nil || x.Streams[wire.KindStdin].Frames == 0) {
		return
	}
	if t.o.Filtered && ev.Exchange == 0 {
		return
	}
	t.markDir(&ev.Meta)
	if ev.Dir == wire.ToServer && ev.Exchange > 0 {
		t.own(roleFaint, "(end of input)")
	} else {
		t.own(roleFaint, "(end)")
	}
	t.end()
}
