package audit_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/audit"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// client returns a connection of a process.
func client(id, pid int) *wire.Conn {
	return &wire.Conn{ID: id, Start: t0, Server: wire.Peer{Addr: "unix:///run/docker.sock"}, Client: wire.Peer{Process: &wire.Process{PID: pid, UID: 0, Name: "docker"}}}
}

// heard returns a sink, and what marks it has told, a word for each line with some.
func heard(out *bytes.Buffer) (*audit.Sink, *[]string) {
	var told []string
	return audit.NewSink(out, audit.Options{Strict: true, Written: func(_ []byte, marks []string) {
		if len(marks) > 0 {
			slices.Sort(marks)
			told = append(told, strings.Join(marks, ","))
		}
	}}), &told
}

const execID = "eeee56789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"

// TestExecStart: the start of an exec instance tells the container, its command and its
// rights, and that nobody is told twice of it.
func TestExecStart(t *testing.T) {
	var out bytes.Buffer
	sink, told := heard(&out)
	s := connect(t, sink, client(1, 3))
	s.say(wire.ToServer, post("/v1.47/containers/web/exec", `{"Cmd":["cat","/x"],"User":"1","Privileged":true}`))
	s.say(wire.ToClient, answer("201 Created", `{"Id":"`+execID+`"}`))
	if want := []string{"exec,privileged"}; !slices.Equal(*told, want) {
		t.Errorf("told %q, want %q", *told, want)
	}
	other := connect(t, sink, client(2, 4))
	other.say(wire.ToServer, post("/v1.47/exec/"+execID+"/start", `{"Detach":true}`))
	other.say(wire.ToClient, answer("200 OK", ""))
	if len(*told) != 1 {
		t.Errorf("told %q", *told)
	}
	other.say(wire.ToServer, post("/v1.47/exec/ffff/start", `{"Detach":true}`))
	if len(*told) != 2 || (*told)[1] != "exec" {
		t.Errorf("told %q", *told)
	}
	var starts []line
	for _, l := range lines(t, out.Bytes()) {
		if l.Operation == "ExecStart" && l.Event == "call" {
			starts = append(starts, l)
		}
	}
	if len(starts) == 0 || starts[0].marks() != "exec privileged" || starts[0].Subject.Container != "web" || fmt.Sprint(starts[0].Parameters["command"]) != "[cat /x]" || starts[0].Parameters["user"] != "1" {
		t.Errorf("%+v", starts)
	}
}

// TestExecUnwritten: where the line of its making could not be written, its start is told.
func TestExecUnwritten(t *testing.T) {
	var out moody
	var told []string
	sink := audit.NewSink(&out, audit.Options{Strict: true, Written: func(_ []byte, marks []string) { told = append(told, marks...) }})
	s := connect(t, sink, client(1, 3))
	out.full = true
	s.say(wire.ToServer, post("/v1.47/containers/web/exec", `{"Cmd":["id"]}`))
	s.say(wire.ToClient, answer("201 Created", `{"Id":"`+execID+`"}`))
	out.full = false
	s.say(wire.ToServer, post("/v1.47/exec/"+execID+"/start", `{}`))
	if !slices.Equal(told, []string{"exec"}) {
		t.Errorf("told %q", told)
	}
}

// TestStart: the start of a container has the marks of its creation, by whatever it is
// called, until that is another's. Another process than the creator is told of.
func TestStart(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for name, c := range map[string]struct {
		before, start string
		pid           int
		marks         string
		told          int
	}{
		"by its name":            {"", "web", 3, "bind-root privileged", 1},
		"by its id":              {"", id, 3, "bind-root privileged", 1},
		"by where its id begins": {"", id[:12], 3, "bind-root privileged", 1},
		"by another process":     {"", "web", 4, "bind-root privileged", 2},
		"of another container":   {"", "db", 3, "", 1},
		"of one that has taken its name": {
			`{"Image":"busybox"}`, "web", 4, "", 1},
	} {
		for _, known := range []bool{true, false} { // what ids are called
			var out bytes.Buffer
			sink, told := heard(&out)
			names := subject.NewReader()
			s := connectWith(t, sink, names, client(1, 3))
			s.say(wire.ToServer, post(create, privileged))
			s.say(wire.ToClient, answer("201 Created", `{"Id":"`+id+`"}`))
			if c.before != "" {
				s.say(wire.ToServer, post(create, c.before))
				s.say(wire.ToClient, answer("201 Created", `{"Id":"`+strings.Repeat("9", 64)+`"}`))
			}
			if !known {
				names = subject.NewReader()
			}
			starter := connectWith(t, sink, names, client(2, c.pid))
			starter.say(wire.ToServer, post("/v1.47/containers/"+c.start+"/start", ""))
			starter.say(wire.ToClient, answer("204 No Content", ""))
			all := lines(t, out.Bytes())
			last := all[len(all)-1]
			if last.Operation != "ContainerStart" || last.marks() != c.marks || len(*told) != c.told {
				t.Errorf("%s, %t: %q, told %q", name, known, last.says(), *told)
			}
			if c.marks != "" && !strings.HasPrefix(last.Risks[0].Why, "created so (conn 1, exchange 1): HostConfig.") {
				t.Errorf("%s: %+v", name, last.Risks)
			}
		}
	}
}

// TestStartElsewhere: containers of another daemon are others.
func TestStartElsewhere(t *testing.T) {
	var out bytes.Buffer
	sink, _ := heard(&out)
	s := connect(t, sink, client(1, 3))
	s.say(wire.ToServer, post(create, privileged))
	s.say(wire.ToClient, answer("201 Created", `{"Id":"0123456789abcdef"}`))
	other := client(2, 3)
	other.Server.Addr = "unix:///run/other.sock"
	s = connect(t, sink, other)
	s.say(wire.ToServer, post("/v1.47/containers/web/start", ""))
	s.say(wire.ToClient, answer("204 No Content", ""))
	all := lines(t, out.Bytes())
	if last := all[len(all)-1]; last.Operation != "ContainerStart" || last.marks() != "" {
		t.Errorf("%q", last.says())
	}
}

// TestManyMade: what is remembered is bounded, in number and in bytes; the last stay.
func TestManyMade(t *testing.T) {
	for _, long := range []int{1, 250} {
		var out bytes.Buffer
		sink, _ := heard(&out)
		s := connect(t, sink, client(1, 3))
		doc := `{"Cmd":["` + strings.Repeat(strings.Repeat("x", long)+`","`, 15) + `"],"User":"` + strings.Repeat("u", long) + `"}`
		for i := range 1500 {
			s.say(wire.ToServer, post("/v1.47/containers/web/exec", doc))
			s.say(wire.ToClient, answer("201 Created", fmt.Sprintf(`{"Id":"%064d"}`, i)))
		}
		n, size := sink.Made()
		if n < 100 || n > 1024 || size > 4<<20 || long == 1 && n != 1024 {
			t.Errorf("%d are remembered, %d bytes", n, size)
		}
		for id, want := range map[int]bool{1499: true, 0: false} {
			out.Reset()
			s.say(wire.ToServer, post(fmt.Sprintf("/v1.47/exec/%064d/start", id), `{}`))
			if got := bytes.Contains(out.Bytes(), []byte(`"command"`)); got != want {
				t.Errorf("%d: %s", id, out.Bytes())
			}
			s.say(wire.ToClient, answer("200 OK", ""))
		}
	}
}
