package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// saidScript is a container that is not created, with what is said of it; the daemon's words
// are hostile.
func saidScript() []wire.Event {
	s := &script{}
	s.open(1, 0)
	s.request(1, "POST", "/v1.41/containers/create", "ContainerCreate", "Host: docker")
	said := &wire.Said{Asks: "Creates a container from an image, without starting it. If the image is not there, the answer is 404: the docker CLI pulls it then, and asks again."}
	s.sum.Said = said
	s.response(2, 404, "Not Found", "Content-Length: 0")
	s.sum.Said = &wire.Said{Asks: said.Asks, Answer: &wire.Meaning{
		Status: "404", Means: "The image is not there.", Raises: "docker.errors.ImageNotFound",
		Prints: "Unable to find image 'x\x1b[2J\u202e' locally", Try: "docker pull gets it",
	}}
	s.done(3)
	s.shut(4, "")
	s.events[len(s.events)-1].(*wire.Close).Story = &wire.Story{
		Name: "docker run", Requests: 5, Calls: 2, Conns: 3, Took: 1100 * time.Millisecond, Waited: 800 * time.Millisecond, For: "for the container",
	}
	return s.events
}

// saidTo gives a sink the events of saidScript, with what is known of the exchange.
func saidTo(t *testing.T, sink wire.Sink, out *bytes.Buffer) string {
	t.Helper()
	events := saidScript()
	last := events[3].(*wire.Exchange)
	for _, ev := range events {
		x := *last
		known := &x
		switch ev.(type) {
		case *wire.Request:
			x.Response, x.Said = nil, &wire.Said{Asks: last.Said.Asks}
		case *wire.Response:
		case *wire.Exchange:
			known = last
		default:
			known = nil
		}
		if err := sink.Event(ev, known); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// saidOptions are for a terminal of a width.
func saidOptions(width int) Options {
	return Options{Width: func() int { return width }, Zone: time.UTC, Heads: HeadsShort, Bodies: BodiesShort}
}

func TestSaidText(t *testing.T) {
	var out bytes.Buffer
	got := saidTo(t, NewText(&out, saidOptions(80)), &out)
	want := `── 1.1 ContainerCreate ────────────────────────── docker[4711] → dockerd  19:21:10.063
1.1    # Creates a container from an image, without starting it. If the image is
1.1    # not there, the answer is 404: the docker CLI pulls it then, and asks
1.1    # again.
1.1    > POST /v1.41/containers/create
1.1    < 404 Not Found · 1.00 ms
1.1    # 404: The image is not there.
1.1    # docker prints: Unable to find image 'x\e[2J\u202e' locally
1.1    # docker-py raises docker.errors.ImageNotFound
1.1    # try: docker pull gets it

       # docker run: 5 requests and 2 gRPC calls on 3 connections, 1.1 s, of
       # which 0.8 s waiting for the container
`
	// Only the lines from the second on: the heading has the width of the terminal.
	_, gotRest, _ := strings.Cut(got, "\n")
	_, wantRest, _ := strings.Cut(want, "\n")
	if gotRest != wantRest {
		t.Errorf("got:\n%s\nwant:\n%s", gotRest, wantRest)
	}
}

func TestSaidCompact(t *testing.T) {
	var out bytes.Buffer
	got := saidTo(t, NewCompact(&out, saidOptions(160)), &out)
	_, got, _ = strings.Cut(got, "\n")
	want := `              # 404, docker.errors.ImageNotFound: The image is not there. Try: docker pull gets it
              # docker run: 5 requests and 2 gRPC calls on 3 connections, 1.1 s, of which 0.8 s waiting for the container
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestSaidBriefly: an exchange has one line at most that says why it was asked for, which says nothing
// that was said before; an answer that tells the exit code of a process has both.
func TestSaidBriefly(t *testing.T) {
	var out bytes.Buffer
	c := NewCompact(&out, saidOptions(80))
	for i, said := range []*wire.Said{
		{Asks: "Lists containers.", Brief: "Lists containers."},
		{Asks: "Waits for the end. It was asked before the start.", Brief: "Before the start."},
		{Asks: "Waits for the end. It was asked before the start.", Brief: "Before the start."},
		{Asks: "Lists containers.", Brief: "Lists containers."},
		{Asks: "Pings. Clients ping."},
		{Asks: "Waits for the end. It was asked before the start.", Brief: "Before the start.", Answer: &wire.Meaning{Status: "exit 3", Means: "It has failed."}},
		{Asks: "Starts it. All is ready.", Brief: "All is ready.", Answer: &wire.Meaning{Status: "304", Means: "It runs.", Prints: "nothing"}},
	} {
		x := *saidScript()[3].(*wire.Exchange)
		x.Exchange, x.Said = i+1, said
		if err := c.Event(&x, &x); err != nil {
			t.Fatal(err)
		}
	}
	var got strings.Builder
	for line := range strings.Lines(out.String()) {
		if _, said, is := strings.Cut(line, "# "); is {
			got.WriteString(said)
		} else {
			got.WriteString(strings.Fields(line)[1] + "\n")
		}
	}
	want := `1.1
Lists containers.
1.2
Before the start.
1.3
1.4
1.5
1.6
Before the start.
exit 3: It has failed.
1.7
304: It runs.
`
	if got.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

// TestSaidWidths: no line of what is said is wider than the terminal, or than can be read.
func TestSaidWidths(t *testing.T) {
	for _, width := range []int{0, 20, 40, 79, 80, 160, 300} {
		for name, newSink := range map[string]func(*bytes.Buffer) wire.Sink{
			"text":    func(b *bytes.Buffer) wire.Sink { return NewText(b, saidOptions(width)) },
			"compact": func(b *bytes.Buffer) wire.Sink { return NewCompact(b, saidOptions(width)) },
		} {
			var out bytes.Buffer
			lines := 0
			for line := range strings.Lines(saidTo(t, newSink(&out), &out)) {
				before, said, is := strings.Cut(strings.TrimSuffix(line, "\n"), "# ")
				if !is {
					continue
				}
				lines++
				room := longestLine
				if width > 0 {
					room = max(width-len(before)-2, minRoom)
				}
				if name == "text" {
					room = min(room, longestLine)
				}
				if n := columns([]byte(said)); n > room && strings.Contains(said, " ") {
					t.Errorf("%s at %d columns: %d of at most %d: %s", name, width, n, room, said)
				}
			}
			if lines < 2 || name == "text" && lines < 7 {
				t.Errorf("%s at %d columns: %d lines are said", name, width, lines)
			}
		}
	}
}
