package lesson

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/socktrace/socktrace/buildkit"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// arrowsOf returns those of a step, from the lane of its client to that of the daemon,
// behind which is that of the container.
func arrowsOf(s *step, client, server int) (all []arrow) {
	x := s.x
	if x.Request != nil {
		all = append(all, arrow{from: client, to: server, kind: asks, at: x.Start, label: asked(s), request: true})
	}
	if p := x.Response; p != nil {
		all = append(all, arrow{from: server, to: client, kind: answers, at: answeredAt(s), label: answered(s), wrong: failed(x)})
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
		all = append(all, arrow{from: client, to: server, kind: note, at: x.End, label: end})
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
		a.label = saying(m.kind.String(), m)
	case m.kind == wire.KindWebSocket:
		a.label = saying("message", m)
	case m.kind == wire.KindRaw && s.x.Upgrade != nil && len(s.inside) == 0:
		a.label = "data, " + plural.Of(m.size, "byte")
	case m.of == buildkit.Status:
		a.label = "progress of the build"
	case m.kind == wire.KindGRPC:
		a.label = shortType(m.of)
	case m.kind == wire.KindJSON && m.dir == wire.ToClient && apart(s):
		a.label, a.wrong = brief(m.text)
	default:
		return a, false
	}
	if m.dir == wire.ToServer {
		a.kind = asks
		a.from, a.to = a.to, a.from
	}
	return a, a.label != ""
}

// saying returns what a message of a kind says, or else how much it is.
func saying(kind string, m *message) string {
	if line := firstLine(m.text); line != "" {
		return kind + ": " + line
	}
	return kind + ", " + plural.Of(m.size, "byte")
}

// firstLine returns the first line of a text that says something.
func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimLeft(string(b), " \t\r\n"), "\n")
	return strings.TrimRight(line, " \t\r")
}

// brief returns what a document of a stream says, in a few words: an event, a step of a
// pull, an exit status; nothing if it is an empty line. It is wrong if it says that something
// failed.
func brief(doc []byte) (text string, wrong bool) {
	fields := make(map[string]string)
	for name, value := range jsontext.Members(bytes.TrimSpace(doc)) {
		key, _ := jsontext.Unquote(name)
		if text, ok := jsontext.Unquote(value); ok {
			fields[string(key)] = string(text)
		} else if string(key) == "StatusCode" {
			return "exit status " + string(value), false
		}
	}
	switch {
	case fields["Action"] != "":
		return "event: " + fields["Type"] + " " + fields["Action"], false
	case fields["status"] != "":
		return fields["status"], false
	case fields["error"] != "":
		return "error: " + fields["error"], true
	case fields["stream"] != "":
		return firstLine([]byte(fields["stream"])), false
	case fields["id"] != "":
		return fields["id"], false
	}
	return compact(doc), false
}

// asked returns what a step asks for, in a few words.
func asked(s *step) string {
	r := s.x.Request
	name := s.operation()
	if name == "" || name == grpcMethod {
		name = callName(s.x)
	}
	if about, inside := aboutOf(s.x); inside {
		return name + " in " + about
	} else if about != "" {
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
