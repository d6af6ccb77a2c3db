package render

import (
	"bytes"
	"go/format"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// scripted returns a sink for calls of a form.
func scripted(form string, o Options) func(io.Writer) wire.Sink {
	return func(w io.Writer) wire.Sink {
		return NewCalls(w, equivalent.Named(form), equivalent.Options{}, o)
	}
}

// TestScripts: what is shown is a script, whatever has happened.
func TestScripts(t *testing.T) {
	for form, check := range map[string][]string{"curl": {"bash", "-n"}, "docker": {"bash", "-n"}, "python": {"python3", "-c", "import sys; compile(sys.stdin.buffer.read(), 'script', 'exec')"}} {
		program := need.Program(t, check[0])
		for name, events := range scripts() {
			cmd := exec.Command(program, check[1:]...)
			text := show(t, scripted(form, Options{}), events)
			cmd.Stdin = bytes.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s of %s: %v\n%s\n%s", form, name, err, out, text)
			}
		}
	}
}

// TestProgram: calls of Go are a program, of however many exchanges.
func TestProgram(t *testing.T) {
	all := scripts()
	all["nothing"] = nil
	for name, events := range all {
		text := show(t, scripted("go", Options{}), events)
		if good, err := format.Source(text); err != nil || !bytes.Equal(good, text) {
			t.Errorf("%s is not as gofmt has it: %v\n%s", name, err, text)
		}
		if n := bytes.Count(text, []byte("package main")); n != 1 {
			t.Errorf("%s: %d beginnings", name, n)
		}
	}
}

// hostileCall is an exchange whose names want to end the comment that they stand in.
func hostileCall() []wire.Event {
	s := &script{}
	s.open(1, 0)
	s.request(1, "POST\nrm -rf /", "/x\nrm -rf /", "", "Host: a")
	s.response(2, 200, "OK", "A: b")
	s.sum.Subject = wire.Subject{Type: "container", Name: "web\nrm -rf / \x1b[31m\u202e"}
	s.sum.RequestBody = &wire.Body{Content: wire.KindTar, Bytes: 5, Files: &wire.Files{Files: 1, Largest: "a\nrm -rf /"}}
	s.done(3)
	return s.events
}

// TestCallsEscape: no byte of the traffic ends a comment or drives the terminal.
func TestCallsEscape(t *testing.T) {
	for i := range equivalent.Forms {
		f := &equivalent.Forms[i]
		got := string(show(t, scripted(f.Name, Options{}), hostileCall()))
		for line := range strings.Lines(got) {
			if strings.HasPrefix(line, "rm") && f.Name != "curl" || strings.ContainsAny(line, "\x1b\u202e") {
				t.Errorf("%s: %s", f.Name, got)
			}
		}
		if !strings.HasPrefix(got, f.Comment) && !strings.HasPrefix(got, "import") {
			t.Errorf("%s begins with %.40q", f.Name, got)
		}
	}
}

// TestCallsPrepare: what a call needs stands there once, and again if it changes.
func TestCallsPrepare(t *testing.T) {
	s := &script{}
	s.open(1, 0)
	for _, path := range []string{"/_ping", "/v1.41/info", "/_ping", "/v1.41/info", "/v1.44/info", "/_ping"} {
		r := s.request(1, "GET", path, map[bool]string{true: "SystemPing", false: "SystemInfo"}[path == "/_ping"], "Host: a")
		if v := strings.TrimSuffix(strings.TrimPrefix(path, "/v"), "/info"); v != path && path != "/_ping" {
			r.Call.Version = v
		}
		s.response(2, 200, "OK", "A: b")
		s.done(3)
	}
	got := string(show(t, scripted("python", Options{}), s.events))
	for line, want := range map[string]int{"import docker\n": 1, "version='1.41')\n": 1, "version='1.44')\n": 1, "docker.sock')\n": 1, "client.info())\n": 3} {
		if n := strings.Count(got, line); n != want {
			t.Errorf("%d times %q in\n%s", n, line, got)
		}
	}
}

// TestCallsTLS: where the daemon was spoken to with TLS, the call does too.
func TestCallsTLS(t *testing.T) {
	for peer, want := range map[string]string{"server": "'https://h:2376/info'", "": "'https://h:2376/info'", "client": "'http://h:2376/info'"} {
		s := &script{}
		s.open(1, 0)
		s.conn.Server.Addr = "tcp://h:2376"
		s.add(&wire.TLS{Meta: wire.Meta{Conn: s.conn}, Peer: peer, ServerName: "h"})
		s.request(1, "GET", "/info", "SystemInfo", "Host: a")
		s.response(2, 200, "OK", "A: b")
		s.done(3)
		s.shut(4, "")
		if got := string(show(t, scripted("curl", Options{}), s.events)); !strings.Contains(got, want) {
			t.Errorf("%q: got\n%s", peer, got)
		}
	}
}

// TestCallsTitle: what has no answer, or was not seen, says so.
func TestCallsTitle(t *testing.T) {
	c := &wire.Conn{ID: 1}
	sink := NewCalls(io.Discard, equivalent.Named("curl"), equivalent.Options{}, Options{ASCII: true}).(*callScript)
	for want, x := range map[string]*wire.Exchange{
		"1.2 (request not seen) -> no answer": {},
		"1.2 GET /x -> open":                  {Request: &wire.Request{Method: "GET", Target: "/x"}, State: wire.StateOpen},
		"1.2 ContainerWait web -> 200":        {Request: &wire.Request{Call: wire.Call{Operation: "ContainerWait"}}, Subject: wire.Subject{Name: "web"}, Response: &wire.Response{Status: 200}},
	} {
		x.Meta = wire.Meta{Conn: c, Exchange: 2}
		if got := sink.title(x); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestCallsSaid: what there is to say of an exchange stands around its call, as comments.
func TestCallsSaid(t *testing.T) {
	for i := range equivalent.Forms {
		f := &equivalent.Forms[i]
		s := &script{}
		s.open(1, 0)
		s.request(1, "POST", "/containers/web/start", "ContainerStart", "Host: a")
		s.response(2, 404, "Not Found", "A: b")
		s.sum.Said = &wire.Said{Asks: "Starts it.\nrm -rf /", Answer: &wire.Meaning{Status: "404", Means: "It is gone\nrm -rf /.", Try: "docker ps -a"}}
		s.done(3)
		s.shut(4, "")
		s.events[len(s.events)-1].(*wire.Close).Story = &wire.Story{Name: "docker start", Requests: 1, Conns: 1}
		got := string(show(t, scripted(f.Name, Options{}), s.events))
		at := -1
		for _, want := range []string{"ContainerStart", `Starts it.\nrm`, `404: It is gone\nrm -rf /.`, "try: docker ps -a", "docker start"} {
			next := strings.Index(got[at+1:], want)
			if next < 0 {
				t.Fatalf("%s: no %s, or not there, in\n%s", f.Name, want, got)
			}
			at += 1 + next
		}
		for line := range strings.Lines(got) {
			if strings.Contains(line, "rm -rf") && !strings.HasPrefix(strings.TrimSpace(line), f.Comment) {
				t.Errorf("%s: %s", f.Name, line)
			}
		}
	}
}
