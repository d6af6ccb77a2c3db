package lesson

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestGroups: each step of a session stands once, under the command that it belongs to, and
// commands stand in the order in which they begin.
func TestGroups(t *testing.T) {
	recorded, err := demo.Recorded()
	if err != nil {
		t.Fatal(err)
	}
	_, a := taught(t, recorded.Session, Options{})
	var got []string
	steps, last := 0, 0
	for _, g := range a.groupsOf(a.steps) {
		got = append(got, fmt.Sprintf("%s %d", g.name, len(g.steps)))
		if g.story == nil || g.story.Name != g.name || g.story.Requests != len(g.steps) {
			t.Errorf("%s has %d steps; its story is %+v", g.name, len(g.steps), g.story)
		}
		if first := g.steps[0].number; first <= last {
			t.Errorf("%s begins with step %d, behind %d", g.name, first, last)
		} else {
			last = first
		}
		for i := 1; i < len(g.steps); i++ {
			if g.steps[i].number <= g.steps[i-1].number {
				t.Errorf("%s: steps in another order", g.name)
			}
		}
		steps += len(g.steps)
	}
	if want := "docker events 2, docker version 2, docker ps 2, docker start 2, docker run 5, docker logs 3, docker rm 2"; strings.Join(got, ", ") != want || steps != len(a.steps) {
		t.Errorf("got %s, %d steps", strings.Join(got, ", "), steps)
	}
	if other := a.others(a.groupsOf(a.steps)); len(other) != 0 {
		t.Errorf("%d stories are told by no group", len(other))
	}
}

// TestOneGroup: the steps of one command need no heading over them; what is known of it
// stands before them.
func TestOneGroup(t *testing.T) {
	for _, c := range tracetest.Captures(t) {
		if c.Name != "run" {
			continue
		}
		text, a := taught(t, c.Session, Options{})
		if n := len(a.groupsOf(a.steps)); n != 1 || strings.Contains(text, "\n## docker run") || !strings.Contains(text, "\n- docker run: 5 requests") {
			t.Errorf("%d groups", n)
		}
	}
}

// TestGroupsWithoutStory: steps whose story nobody knows stand together as long as the
// same client asks; a story whose steps are not there is told before all.
func TestGroupsWithoutStory(t *testing.T) {
	stepOf := func(conn *wire.Conn, agent string) *step {
		q := &wire.Request{Method: "GET", Target: "/x", Fields: []wire.Field{{Name: "User-Agent", Value: agent}}}
		return &step{x: &wire.Exchange{Meta: wire.Meta{Conn: conn, Exchange: 1}, Request: q}}
	}
	a := newAccount(0)
	told := &wire.Conn{ID: 7}
	for i, agent := range []string{"a/1", "a/1", "b/2", "told", "b/2", "a/1"} {
		conn := &wire.Conn{ID: i + 1}
		if agent == "told" {
			conn = told
		}
		a.steps = append(a.steps, stepOf(conn, agent))
	}
	teller := explain.NewTeller()
	for _, s := range a.steps {
		if s.x.Conn == told {
			teller.Explain(s.x.Request, s.x)
			s.by = teller.By(s.x)
		}
	}
	a.tell(told, &wire.Story{Name: "docker ps"})
	a.tell(&wire.Conn{ID: 9}, &wire.Story{Name: "docker rm"})
	groups := a.groupsOf(a.steps)
	var got []string
	for _, g := range groups {
		got = append(got, fmt.Sprintf("%s %d", g.name, len(g.steps)))
	}
	if strings.Join(got, ", ") != "a/1 2, b/2 1, docker ps 1, b/2 1, a/1 1" {
		t.Errorf("got %q", got)
	}
	if other := a.others(groups); len(other) != 1 || other[0].Name != "docker rm" {
		t.Errorf("others: %+v", other)
	}
}

// TestInARow: steps are told as one only if none of another group stands between them.
func TestInARow(t *testing.T) {
	var steps []*step
	for _, number := range []int{1, 3, 5, 6, 7, 8, 9} {
		q := &wire.Request{Method: "GET", Target: "/x"}
		steps = append(steps, &step{number: number, x: &wire.Exchange{Meta: wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: number}, Request: q}})
	}
	var got []int
	for i := 0; i < len(steps); i += got[len(got)-1] {
		got = append(got, repeats(steps[i:]))
	}
	if fmt.Sprint(got) != "[1 1 5]" {
		t.Errorf("got %v", got)
	}
}

// TestNameWithoutStory: what may be a part of a command only is not called by its name.
func TestNameWithoutStory(t *testing.T) {
	for _, c := range tracetest.Captures(t) {
		if c.Name != "bkit" {
			continue
		}
		_, a := taught(t, c.Session, Options{})
		for _, g := range a.groupsOf(a.steps) {
			if g.story == nil && strings.HasPrefix(g.name, "docker ") {
				t.Errorf("%s has no story", g.name)
			}
		}
	}
}
