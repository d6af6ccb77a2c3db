//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// step is a chunk of a session, or the end of a connection.
type step struct {
	at   time.Time
	conn *wire.Conn
	tap  wire.Tap
	c    *transcript.Conn
	n    int // of the chunk; the number of all is the end
}

// explained returns a session as a sink shows it, with what is said of it. Chunks come in the
// order of time.
func explained(t *testing.T, session *transcript.Session, newSink func(*bytes.Buffer) wire.Sink) string {
	t.Helper()
	var out bytes.Buffer
	book := flow.New(flow.Options{
		Mask: redact.New(redact.Options{}).Event, Learn: subject.NewReader().Learn, Explain: explain.NewTeller().Explain,
		Failed: func(_ string, err error) { t.Error(err) }, Still: true, Unhurried: true,
	})
	sink := newSink(&out)
	book.Add("the sink", sink, flow.Delivery{Alone: true})
	var numbers wire.Numbers
	o := decodeOptions(book.Needs(), 1<<20, nil, &numbers)
	var steps []step
	for _, c := range session.Conns {
		conn := c.Wire(numbers.Next(), exampleBegan)
		d := decode.New(conn, o, book.Of(conn))
		for n, ch := range c.Chunks {
			steps = append(steps, step{conn.Start.Add(ch.At), conn, d, c, n})
		}
		steps = append(steps, step{conn.Start.Add(c.Duration()), conn, d, c, len(c.Chunks)})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	opened := make(map[*wire.Conn]bool)
	for _, s := range steps {
		if !opened[s.conn] {
			opened[s.conn] = true
			s.tap.(*decode.Conn).Open()
		}
		if s.n == len(s.c.Chunks) {
			s.tap.End(s.at, nil)
			continue
		}
		ch := s.c.Chunks[s.n]
		s.tap.Chunk(wire.Chunk{Conn: s.conn, Time: s.at, Dir: ch.Dir, Data: ch.Data, Lost: ch.Lost, EOF: ch.EOF})
	}
	book.Close()
	if err := sink.Close(); err != nil {
		t.Error(err)
	}
	return maskedKeys.ReplaceAllString(out.String(), "#xxxxxxxx")
}

// maskedKeys tell secrets apart, and are others each time.
var maskedKeys = regexp.MustCompile(`#[0-9a-f]{8}\b`)

// TestExplained compares what is said of recorded sessions with golden files: none of their
// clients is known by its process.
func TestExplained(t *testing.T) {
	sessions := map[string]*transcript.Session{}
	recorded, err := demo.Recorded()
	if err != nil {
		t.Fatal(err)
	}
	sessions["demo"] = recorded.Session
	for _, c := range tracetest.Captures(t) {
		sessions[strings.TrimSuffix(filepath.Base(c.Name), ".txt")] = c.Session
	}
	for name, session := range sessions {
		for _, width := range []int{80, 160} {
			ro := render.Options{Width: func() int { return width }, Heads: render.HeadsNone, Bodies: render.BodiesNone, Zone: time.UTC}
			for format, newSink := range map[string]func(*bytes.Buffer) wire.Sink{
				"text":    func(b *bytes.Buffer) wire.Sink { return render.NewText(b, ro) },
				"compact": func(b *bytes.Buffer) wire.Sink { return render.NewCompact(b, ro) },
			} {
				if width == 160 && name != "demo" {
					continue
				}
				golden := filepath.Join("testdata", "explained", fmt.Sprint(name, ".", format, width))
				got := explained(t, session, newSink)
				if *update {
					if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				checkLines(t, golden, got, readFile(t, golden))
			}
		}
	}
}

// withoutStories leaves them out of JSON lines: what was typed is known live alone.
func withoutStories(lines string) string { return stories.ReplaceAllString(lines, "") }

var stories = regexp.MustCompile(`,"story":\{[^}]*\}`)

// saidLine is what JSON lines tell of what is said.
type saidLine struct {
	Event, Method, Target, Operation string
	Status, Conn, Exchange           int
	Explain                          *struct {
		Asks   string
		Answer *struct{ Status, Means, Raises, Prints, Try string }
	}
	Story *struct{ Text, Name string }
}

// saidLines reads JSON lines.
func saidLines(t *testing.T, text string) (all []saidLine) {
	t.Helper()
	for line := range strings.Lines(text) {
		var l saidLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if l.Event == "exchange" || l.Event == "close" {
			all = append(all, l)
		}
	}
	return all
}

// TestExplainEverywhere: what is said live is said of a recording too, be it JSON lines or
// HAR, and is not said without the flag.
func TestExplainEverywhere(t *testing.T) {
	dir := t.TempDir()
	lines, plain, har := filepath.Join(dir, "said.jsonl"), filepath.Join(dir, "plain.jsonl"), filepath.Join(dir, "said.har")
	got := socktrace(t, nil, "demo", "--explain", "-f", "jsonl", "-o", lines, "--har", har).end()
	check(t, "status", got.status, "exit status 0")
	live := readFile(t, lines)
	again := socktrace(t, nil, "read", "--explain", "-f", "jsonl", lines).end()
	checkLines(t, "read back", again.out, live)
	silent := socktrace(t, nil, "read", "-f", "jsonl", "-o", plain, lines).end()
	check(t, "status", silent.status, "exit status 0")
	if text := readFile(t, plain); strings.Contains(text, `"explain"`) || strings.Contains(text, `"story"`) {
		t.Error("something is said without --explain")
	}
	check(t, "said of lines in which nothing is said", withoutStories(socktrace(t, nil, "read", "--explain", "-f", "jsonl", plain).end().out), withoutStories(live))

	said, names := 0, map[string]bool{}
	for _, l := range saidLines(t, live) {
		if l.Explain != nil && l.Explain.Asks != "" {
			said++
		}
		if l.Story != nil {
			names[l.Story.Name] = true
		}
	}
	if said != 18 {
		t.Errorf("%d exchanges are explained, want 18", said)
	}
	for _, name := range []string{"docker version", "docker ps", "docker start", "docker run", "docker logs", "docker rm", "docker events"} {
		if !names[name] {
			t.Errorf("no story of %s: %v", name, names)
		}
	}

	var doc struct {
		Log struct{ Entries []struct{ Comment string } }
	}
	if err := json.Unmarshal([]byte(readFile(t, har)), &doc); err != nil {
		t.Fatal(err)
	}
	comments := ""
	for _, e := range doc.Log.Entries {
		comments += e.Comment + "\n"
	}
	for _, want := range []string{"ContainerAttach: Connects to the streams", "ContainerStart: Starts a container that was created or has stopped. 404: There is no container"} {
		if !strings.Contains(comments, want) {
			t.Errorf("no comment %q in\n%s", want, comments)
		}
	}
	back := saidLines(t, socktrace(t, nil, "read", "--explain", "-f", "jsonl", har).end().out)
	for _, l := range back {
		if l.Event == "exchange" && (l.Operation == "" || l.Explain == nil) {
			t.Errorf("of HAR: %+v", l)
		}
	}
}
