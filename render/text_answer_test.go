package render

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

const length = "Content-Length: 9"

// briefOf returns what text shows in short in 100 columns, without headings and the
// numbers of exchanges.
func briefOf(t *testing.T, o Options, events ...wire.Event) string {
	t.Helper()
	if o.Heads = HeadsShort; o.Width == nil {
		o.Width = func() int { return 100 }
	}
	var lines strings.Builder
	for line := range strings.Lines(textWith(t, o, events...)) {
		if line != "\n" && !strings.HasPrefix(line, "── ") {
			lines.WriteString(line[idColumns+1:])
		}
	}
	return lines.String()
}

// answers is a script of one exchange whose request says nothing.
func answers() *script {
	s := &script{}
	s.open(1, 0)
	s.request(0, "GET", "/x", "X", "Host: x")
	return s
}

// wide is text that fits exactly behind an answer in 100 columns.
var wide = strings.Repeat("y", 100-(idColumns+3)-len("200 OK · 1.50 ms   ")+1) // "·" has two bytes and one column

var briefBodies = Options{Bodies: BodiesShort}

// answerCases are answers, and what is shown of them.
var answerCases = []struct {
	name string
	o    Options
	play func(s *script)
	want string
}{
	{"no body", briefBodies, func(s *script) { s.response(1.5, 204, "No Content", "X: y") }, "< 204 No Content · 1.50 ms\n"},
	{"at once", briefBodies, func(s *script) { s.response(0, 204, "No Content", "X: y") }, "< 204 No Content · 0.00 ms\n"},
	{"no reason", briefBodies, func(s *script) { s.response(1.5, 204, "", "X: y") }, "< 204 · 1.50 ms\n"},
	{"JSON", briefBodies, func(s *script) {
		s.response(1.5, 201, "Created", length)
		s.message(1.6, wire.ToClient, wire.KindJSON, `{"Id":"`+id+`","Warnings":[]}`+"\n")
	}, "< 201 Created · 1.50 ms   {\"Id\": \"289e72570a23…\", \"Warnings\": []}\n"},
	{"JSON that fits to the column", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindJSON, `"`+wide[2:]+`"`)
	}, "< 200 OK · 1.50 ms   \"" + wide[2:] + "\"\n"},
	{"JSON that does not", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindJSON, `"`+wide[1:]+`"`)
	}, "< 200 OK · 1.50 ms\n<   \"" + wide[1:] + "\"\n"},
	{"bodies in full", Options{}, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindJSON, `{"a":null}`)
	}, "< 200 OK · 1.50 ms   {\"a\": null}\n"},
	{"a stream", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", "Transfer-Encoding: chunked")
		s.message(1.6, wire.ToClient, wire.KindJSON, `{"a":1}`)
	}, "< 200 OK · 1.50 ms\n< json    +1.60 ms  {\"a\": 1}\n"},
	{"JSON that is cut", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindJSON, `{"a":0`).Truncated = true
	}, "< 200 OK · 1.50 ms\n<   {\n<     \"a\": 0\n< … ends here, after 6 B\n"},
	{"a second document", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindJSON, `1`)
		s.message(1.7, wire.ToClient, wire.KindJSON, `2`)
	}, "< 200 OK · 1.50 ms   1\n< json    +1.70 ms  2\n"},
	{"text", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindText, "pong\n")
	}, "< 200 OK · 1.50 ms   pong\n"},
	{"text that fits to the column", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindText, wide)
	}, "< 200 OK · 1.50 ms   " + wide + "\n"},
	{"text that does not", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindText, wide+"y")
	}, "< 200 OK · 1.50 ms\n<   " + wide + "y\n"},
	{"lines of text", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindText, "a\nb")
	}, "< 200 OK · 1.50 ms\n<   a\n<   b\n"},
	{"an empty line", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindText, "\n")
	}, "< 200 OK · 1.50 ms\n<\n"},
	{"named", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindText, "a").Name = "n"
	}, "< 200 OK · 1.50 ms\n< text    +1.60 ms  n: a\n"},
	{"upgrade", briefBodies, func(s *script) {
		s.response(1.5, 101, "UPGRADED", "Upgrade: tcp")
		s.add(&wire.Upgrade{Meta: s.meta(wire.ToClient, 0, 1.5, 1.5), Protocol: "tcp", Content: wire.KindMultiplexed, Reason: "tty"})
	}, "< 101 upgraded, multiplexed · 1.50 ms\n"},
	{"upgrade to a protocol", briefBodies, func(s *script) {
		s.response(1.5, 101, "UPGRADED", "Upgrade: h2c")
		s.add(&wire.Upgrade{Meta: s.meta(wire.ToClient, 0, 1.5, 1.5), Protocol: "h2c"})
	}, "< 101 upgraded to h2c · 1.50 ms\n"},
	{"hijack, later", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.add(&wire.EOF{Meta: s.meta(wire.ToClient, 0, 1.5, 1.5)})
		s.add(&wire.Upgrade{Meta: s.meta(wire.ToClient, 0, 1.5, 1.5), Protocol: "Hijack", Content: wire.KindTerminal})
	}, "< 200 OK · 1.50 ms\n* upgraded, terminal\n"},
	{"bytes to the server meanwhile", briefBodies, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToServer, wire.KindJSON, `{"a":1}`)
		s.message(1.6, wire.ToClient, wire.KindJSON, `{"b":1}`)
	}, "< 200 OK · 1.50 ms\n>   {\"a\": 1}\n<   {\"b\": 1}\n"},
	{"interim", briefBodies, func(s *script) {
		s.response(1.5, 100, "Continue", length)
		s.response(2, 200, "OK", length)
	}, "< 100 Continue\n< 200 OK · 2.00 ms\n"},
	{"telling fields", briefBodies, func(s *script) {
		s.response(1.5, 302, "Found", "Location: /y\nServer: z")
		s.message(1.6, wire.ToClient, wire.KindText, "a")
	}, "< 302 Found · 1.50 ms\n<   Location: /y\n< text    +1.60 ms  a\n"},
	{"bodies left out", Options{Bodies: BodiesNone}, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.message(1.6, wire.ToClient, wire.KindJSON, `{"a":1}`)
		s.body(1.7, wire.ToClient, wire.KindJSON, 9, `{"a":1}`)
	}, "< 200 OK · 1.50 ms   7 B json\n"},
	{"bodies left out that are not complete", Options{Bodies: BodiesNone}, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.body(1.7, wire.ToClient, wire.KindNone, 9, `{"a":1}`).Complete = false
	}, "< 200 OK · 1.50 ms   7 B\n"},
	{"an empty body left out", Options{Bodies: BodiesNone}, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.body(1.7, wire.ToClient, wire.KindJSON, 0, "")
	}, "< 200 OK · 1.50 ms\n"},
	{"bodies of requests left out", Options{Bodies: BodiesNone}, func(s *script) {
		s.response(1.5, 200, "OK", length)
		s.body(1.7, wire.ToServer, wire.KindText, 3, "abc")
	}, "< 200 OK · 1.50 ms\n> 3 B text\n"},
}

// TestAnswer: an answer is one line, with what it says behind it if that fits.
func TestAnswer(t *testing.T) {
	for _, c := range answerCases {
		s := answers()
		c.play(s)
		if got, want := briefOf(t, c.o, s.events...), "> GET /x\n"+c.want; got != want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, want)
		}
	}
}

// TestError: why it failed stands behind the status, in place of a message that says
// nothing else.
func TestError(t *testing.T) {
	for _, c := range []struct {
		bodies Bodies
		kind   wire.Kind
		body   string
		want   string
	}{
		{BodiesShort, wire.KindJSON, `{"message":"No such container: demo"}`, "< 404 Not Found · 1.50 ms   No such container: demo\n"},
		{BodiesShort, wire.KindJSON, `{"message":"No such container: demo","code":0}`, "< 404 Not Found · 1.50 ms   No such container: demo\n"},
		{BodiesShort, wire.KindJSON, `{"message":"No such container: ` + id + `"}`, "< 404 Not Found · 1.50 ms   No such container: 289e72570a23…\n"},
		{BodiesNone, wire.KindJSON, `{"message":"No such container: demo"}`, "< 404 Not Found · 1.50 ms   No such container: demo\n"},
		{BodiesShort, wire.KindText, "No such container: demo\n", "< 404 Not Found · 1.50 ms   No such container: demo\n"},
		{BodiesShort, wire.KindText, "and more\n", "< 404 Not Found · 1.50 ms   and more\n"},
		{BodiesShort, wire.KindJSON, `{"message":"No such container: demo","code":5}`, "< 404 Not Found · 1.50 ms   {\"message\": \"No such container: demo\", \"code\": 5}\n"},
		{BodiesFull, wire.KindJSON, `{"message":"No such container: demo"}`, "< 404 Not Found · 1.50 ms   {\"message\": \"No such container: demo\"}\n"},
	} {
		s := answers()
		s.response(1.5, 404, "Not Found", length)
		ev := s.message(1.6, wire.ToClient, c.kind, c.body)
		x := &wire.Exchange{Meta: s.sum.Meta, Request: s.sum.Request, Response: s.sum.Response, FirstByte: at(1.5)}
		var out bytes.Buffer
		sink := NewText(&out, Options{Heads: HeadsShort, Bodies: c.bodies})
		for _, ev := range s.events {
			if ev == wire.Event(s.events[len(s.events)-1]) {
				x.Outcome.Error = "No such container: demo\n"
				if strings.Contains(c.body, id) {
					x.Outcome.Error = "No such container: " + id
				}
			}
			if err := sink.Event(ev, x); err != nil {
				t.Fatal(err)
			}
		}
		x.Messages[wire.ToClient] = 1
		if err := sink.Event(&wire.Body{Meta: ev.Meta, Content: c.kind, Bytes: 1, Complete: true}, x); err != nil {
			t.Fatal(err)
		}
		if _, got, _ := strings.Cut(out.String(), "> GET /x\n"); strings.ReplaceAll(got, "1.1    ", "") != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.body, got, c.want)
		}
	}
}

// TestHeldLine: an answer waits for what comes next of its exchange, and for nothing
// else.
func TestHeldLine(t *testing.T) {
	const line = "1.1    < 200 OK · 1.50 ms\n"
	begin := func() (*script, *bytes.Buffer, wire.Sink) {
		s, out := answers(), new(bytes.Buffer)
		s.response(1.5, 200, "OK", length)
		sink := NewText(out, Options{Heads: HeadsShort})
		for _, ev := range s.events {
			if err := sink.Event(ev, s.sum); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Contains(out.String(), "200") {
			t.Fatal("the line does not wait")
		}
		return s, out, sink
	}
	s, out, sink := begin()
	for range 2 {
		if err := sink.(interface{ Flush() error }).Flush(); err != nil || strings.Count(out.String(), line) != 1 {
			t.Errorf("Flush: %v\n%s", err, out)
		}
	}
	if err := sink.Event(s.message(1.6, wire.ToClient, wire.KindJSON, `{"a":1}`), s.sum); err != nil || !strings.HasSuffix(out.String(), line+"1.1    <   {\"a\": 1}\n") {
		t.Errorf("behind Flush: %v\n%s", err, out)
	}
	_, out, sink = begin()
	if err := sink.Close(); err != nil || !strings.HasSuffix(out.String(), line) {
		t.Errorf("Close: %v\n%s", err, out)
	}
	_, out, sink = begin()
	other := &wire.Conn{ID: 2}
	if err := sink.Event(&wire.Close{Meta: wire.Meta{Conn: other}}, nil); err != nil || !strings.HasSuffix(out.String(), line) {
		t.Errorf("another connection: %v\n%s", err, out)
	}
	if _, holds := NewText(nil, Options{Bodies: BodiesShort}).(interface{ Flush() error }); holds {
		t.Error("heads in full hold something back")
	}
	sink = NewText(failingWriter{io.ErrClosedPipe}, Options{Heads: HeadsShort})
	if err := sink.Event(s.events[2], s.sum); err == nil {
		if err := sink.Close(); err == nil {
			t.Error("no error of the output")
		}
	}
}
