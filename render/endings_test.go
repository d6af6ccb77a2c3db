package render

import (
	"io"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestEndings: a connection that a client resets when it has all that it wants is not
// told of, by its end, but for the full text, which has it faint.
func TestEndings(t *testing.T) {
	const reset = "client: connection reset by peer"
	ends := func(state wire.State, left bool) func(*script) {
		return func(s *script) {
			s.request(1, "GET", "/x", "X", "Host: x")
			s.response(2, 200, "OK", length)
			x := s.done(3)
			x.State, x.Outcome.Left = state, left
		}
	}
	both := func(a, b func(*script)) func(*script) { return func(s *script) { a(s); b(s) } }
	done, left, broke := ends(wire.StateDone, false), ends(wire.StateAborted, true), ends(wire.StateAborted, false)
	for _, c := range []struct {
		name, err string
		play      func(*script)
		news      bool
	}{
		{"all is well", "", done, false},
		{"reset at last", reset, done, false},
		{"reset at last, in a capture", "connection reset by the client", done, false},
		{"reset by the server", "upstream x: connection reset by peer", done, true},
		{"reset before anything was answered", reset, func(*script) {}, true},
		{"the client left", reset, left, false},
		{"the client left, which the server noticed", "upstream x: broken pipe", left, false},
		{"it broke off", reset, broke, true},
		{"it broke off before", reset, both(broke, done), true},
		{"the client left an upgraded connection", reset, ends(wire.StateDone, true), false},
	} {
		s := &script{}
		s.open(1, 0)
		c.play(s)
		s.shut(4, c.err)
		for name, newSink := range map[string]func(io.Writer) wire.Sink{
			"compact": func(w io.Writer) wire.Sink { return NewCompact(w, Options{}) },
			"short":   func(w io.Writer) wire.Sink { return NewText(w, Options{Heads: HeadsShort}) },
			"full":    func(w io.Writer) wire.Sink { return NewText(w, Options{Color: true}) },
		} {
			want := c.news
			got := string(show(t, newSink, s.events))
			told := c.err != "" && strings.Contains(got, c.err)
			if name == "full" {
				if told != (c.err != "") {
					t.Errorf("%s: %s: got\n%s", c.name, name, got)
				}
				told = strings.Contains(got, newPalette(true).open[roleAnomaly]+c.err)
			}
			if told != want {
				t.Errorf("%s: %s: got\n%s", c.name, name, got)
			}
		}
	}
}

// TestFiltered: where not all exchanges are told of, the ordinary ends of connections
// are not told either.
func TestFiltered(t *testing.T) {
	s := &script{}
	s.open(1, 0)
	s.request(1, "GET", "/x", "X", "Host: x")
	s.response(2, 204, "No Content", "A: b")
	s.add(&wire.EOF{Meta: s.meta(wire.ToClient, 0, 2, 2)})
	s.done(3)
	s.n = 0
	s.add(&wire.EOF{Meta: s.meta(wire.ToServer, 0, 4, 4)})
	s.shut(5, "")
	s.open(2, 6)
	s.shut(7, "upstream x: reset")
	for _, filtered := range []bool{true, false} {
		got := textWith(t, Options{Filtered: filtered}, s.events...)
		for line, told := range map[string]bool{"1      > (end)\n": !filtered, "1      * closed": !filtered, "1.1    < (end)\n": true, "2      * closed": true, "1      * open": true} {
			if strings.Contains(got, line) != told {
				t.Errorf("filtered %t: %q is told: %t\n%s", filtered, line, !told, got)
			}
		}
	}
}

// TestEndingsBound: of connections that never close not all are remembered, and of one
// that has closed nothing.
func TestEndingsBound(t *testing.T) {
	var e endings
	x := &wire.Exchange{State: wire.StateAborted}
	e.note(x)
	x.Conn = &wire.Conn{ID: 1}
	for range 3 * maxEndings {
		e.note(x)
		x.Conn.ID++
		if len(e) > maxEndings {
			t.Fatal("more are remembered than may be")
		}
	}
	for id := range 3 * maxEndings {
		e.news(&wire.Close{Meta: wire.Meta{Conn: &wire.Conn{ID: id + 1}}})
	}
	if len(e) > 0 {
		t.Errorf("%d are remembered", len(e))
	}
}
