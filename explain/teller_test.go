package explain

import (
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// session tells a Teller of exchanges that a test makes up.
type session struct {
	t     *testing.T
	tell  *Teller
	now   time.Time
	conns map[int]*wire.Conn
	last  map[int]int // exchanges, by connection
}

func newSession(t *testing.T) *session {
	return &session{t: t, tell: NewTeller(), now: time.Unix(1_700_000_000, 0), conns: make(map[int]*wire.Conn), last: make(map[int]int)}
}

// conn returns a connection, opened when it is first asked for.
func (s *session) conn(id, pid int, process string) *wire.Conn {
	if c := s.conns[id]; c != nil {
		return c
	}
	c := &wire.Conn{ID: id, Start: s.now}
	if pid > 0 {
		c.Client.Process = &wire.Process{PID: pid, Name: process}
	}
	s.conns[id] = c
	s.tell.Explain(&wire.Open{Meta: wire.Meta{Conn: c}}, nil)
	return c
}

// ask begins an exchange.
func (s *session) ask(c *wire.Conn, agent, method, target string, fields ...wire.Field) *wire.Exchange {
	if s.t != nil {
		s.t.Helper()
	}
	s.now = s.now.Add(10 * time.Millisecond)
	s.last[c.ID]++
	call, _ := dockerapi.Match(method, target)
	m := wire.Meta{Conn: c, Exchange: s.last[c.ID], Start: s.now, End: s.now}
	q := &wire.Request{Meta: m, Method: method, Target: target, Call: call.Told(), Fields: append(fields, wire.Field{Name: "User-Agent", Value: agent})}
	x := &wire.Exchange{Meta: m, Request: q, State: wire.StateOpen}
	x.Subject.ID = q.Call.Subject
	s.tell.Explain(q, x)
	return x
}

// answer ends an exchange.
func (s *session) answer(x *wire.Exchange, status int, failed string) *wire.Exchange {
	s.now = s.now.Add(10 * time.Millisecond)
	x.Response, x.End, x.State = &wire.Response{Status: status}, s.now, wire.StateDone
	x.Outcome.Error = failed
	s.tell.Explain(x, x)
	return x
}

// closes ends a connection, and returns the story that is told then.
func (s *session) closes(c *wire.Conn) string {
	ev := &wire.Close{Meta: wire.Meta{Conn: c, End: s.now}}
	s.tell.Explain(ev, nil)
	if ev.Story == nil {
		return ""
	}
	return Tell(ev.Story)
}

const (
	cliAgent = "Docker-Client/28.2.2 (linux)"
	pyAgent  = "docker-sdk-python/7.1.0"
	anID     = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

var upgrade = wire.Field{Name: "Upgrade", Value: "tcp"}

// has checks what is said of a request.
func has(t *testing.T, x *wire.Exchange, words ...string) {
	t.Helper()
	if x.Said == nil {
		t.Fatalf("%s %s: nothing is said", x.Request.Method, x.Request.Target)
	}
	for _, w := range words {
		if !strings.Contains(x.Said.Asks, w) {
			t.Errorf("%s %s: %q is not in %q", x.Request.Method, x.Request.Target, w, x.Said.Asks)
		}
	}
}

// dockerRun has a client do what docker run does.
func dockerRun(s *session, pid int) (story []string) {
	first := s.conn(1, pid, "docker")
	ping := s.answer(s.ask(first, cliAgent, "HEAD", "/_ping"), 200, "")
	has(s.t, ping, "before all else", "Api-Version")
	create := s.ask(first, cliAgent, "POST", "/v1.41/containers/create")
	create.Subject.ID = anID
	s.answer(create, 201, "")
	second := s.conn(2, pid, "docker")
	attach := s.ask(second, cliAgent, "POST", "/v1.41/containers/"+anID+"/attach?stream=1", upgrade)
	has(s.t, attach, "attaches before it starts", "101")
	wait := s.ask(first, cliAgent, "POST", "/v1.41/containers/"+anID+"/wait?condition=next-exit")
	has(s.t, wait, "The docker CLI waits before it starts")
	third := s.conn(3, pid, "docker")
	start := s.ask(third, cliAgent, "POST", "/v1.41/containers/"+anID+"/start")
	has(s.t, start, "All is ready")
	s.answer(start, 204, "")
	s.now = s.now.Add(400 * time.Millisecond)
	s.answer(attach, 101, "")
	s.answer(wait, 200, "")
	return []string{s.closes(second), s.closes(third), s.closes(first)}
}

const runStory = "docker run: 5 requests on 3 connections, 0.5 s, of which 0.4 s waiting for the container"

func TestDockerRun(t *testing.T) {
	got := dockerRun(newSession(t), 4711)
	if got[0] != "" || got[1] != "" || got[2] != runStory {
		t.Errorf("got %q", got)
	}
}

// TestDockerRunCaptured: without a process the id of the container tells what belongs
// together.
func TestDockerRunCaptured(t *testing.T) {
	if got := dockerRun(newSession(t), 0); got[2] != runStory {
		t.Errorf("got %q", got)
	}
}

// TestPull: the image is not there, is pulled, and the container is created again.
func TestPull(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 7, "docker")
	create := s.ask(c, cliAgent, "POST", "/v1.41/containers/create")
	create.Details = []wire.Detail{{Name: "image", Value: "nosuch"}}
	s.answer(create, 404, "No such image: nosuch:latest")
	m := create.Said.Answer
	if m == nil || m.Status != "404" || m.Prints != "" || m.Raises != "" {
		t.Errorf("got %+v", m)
	}
	pull := s.answer(s.ask(c, cliAgent, "POST", "/v1.41/images/create?fromImage=nosuch&tag=latest"), 200, "")
	has(t, pull, "The daemon does not pull by itself", "it is the docker CLI")
	has(t, s.ask(c, cliAgent, "POST", "/v1.41/containers/create"), "sends the same request again")
}

// TestUnknown: nothing is said of what nobody knows.
func TestUnknown(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 0, "")
	x := s.answer(s.ask(c, "curl/8", "GET", "/nothing"), 404, "page not found")
	if x.Said != nil {
		t.Errorf("said %+v, %+v", x.Said, x.Said.Answer)
	}
	if got := s.closes(c); got != "" {
		t.Errorf("a story: %s", got)
	}
}

// TestHandedOn: a script that starts what another command has made is none of that.
func TestHandedOn(t *testing.T) {
	s := newSession(t)
	first := s.conn(1, 0, "")
	s.answer(s.ask(first, cliAgent, "HEAD", "/_ping"), 200, "")
	create := s.ask(first, cliAgent, "POST", "/v1.41/containers/create")
	create.Subject.ID = anID
	s.answer(create, 201, "")
	if got, want := s.closes(first), "docker create: 2 requests on 1 connection, 30 ms"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	second := s.conn(2, 0, "")
	s.answer(s.ask(second, cliAgent, "POST", "/v1.41/containers/"+anID+"/start"), 204, "")
	if got := s.closes(second); got != "" {
		t.Errorf("a story: %s", got)
	}
}

// TestPingOnce: why clients ping is said at length once in a session.
func TestPingOnce(t *testing.T) {
	s := newSession(t)
	for i, want := range []string{"unless DOCKER_API_VERSION", "to agree on a version of the API", "to agree on a version of the API"} {
		c := s.conn(i+1, i+1, "docker")
		has(t, s.answer(s.ask(c, cliAgent, "HEAD", "/_ping"), 200, ""), "before all else", want)
		s.closes(c)
	}
}

// TestBriefReasons: what is said in a line fits into one of 80 columns, behind what stands before it, and only
// what was said before has none.
func TestBriefReasons(t *testing.T) {
	for _, r := range reasons {
		if r.brief == "" && r.says != agreesToo {
			t.Errorf("%s: nothing in a line of: %s", r.operation, r.says)
		}
		for p := range names {
			s := situation{client: &client{program: program(p)}}
			if says := s.named(r.brief); len(says) > 64 {
				t.Errorf("%s: %d characters: %s", r.operation, len(says), says)
			}
		}
	}
}

// TestBrief: in a line it is why the client asks, or what for, and nothing of what was said at length
// before.
func TestBrief(t *testing.T) {
	const agent = "Docker-Client/28.2.2 (linux)"
	s := newSession(t)
	for _, c := range []struct {
		conn           int
		method, target string
		want           string
	}{
		{1, "HEAD", "/_ping", agreesBriefly},
		{1, "GET", "/v1.41/containers/json", "Lists containers."},
		{2, "HEAD", "/_ping", ""},
		{2, "POST", "/v1.41/containers/create", "The answer is the id that the next paths have in them."},
	} {
		x := s.answer(s.ask(s.conn(c.conn, c.conn, "docker"), agent, c.method, c.target), 200, "")
		if x.Said == nil || x.Said.Brief != c.want {
			t.Errorf("%s: %+v, want %q", c.target, x.Said, c.want)
		}
	}
}

// TestLaterPings: a command pings once: who goes on to ping is none.
func TestLaterPings(t *testing.T) {
	for pings, want := range map[int]string{1: "docker ps", 3: "docker"} {
		s := newSession(t)
		c := s.conn(1, 7, "docker")
		s.answer(s.ask(c, "Docker-Client/28.2.2 (linux)", "HEAD", "/_ping"), 200, "")
		s.answer(s.ask(c, "Docker-Client/28.2.2 (linux)", "GET", "/v1.41/containers/json"), 200, "")
		for range pings - 1 {
			s.answer(s.ask(c, "Docker-Client/28.2.2 (linux)", "HEAD", "/_ping"), 200, "")
		}
		ev := &wire.Close{Meta: wire.Meta{Conn: c}}
		s.tell.Explain(ev, nil)
		if ev.Story == nil || ev.Story.Name != want {
			t.Errorf("%d pings: %+v, want %s", pings, ev.Story, want)
		}
	}
}

// TestInspectsEachKind: what to try is said of the first look, which may be that of docker logs, and
// when docker inspect has tried all kinds.
func TestInspectsEachKind(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 7, "docker")
	tries := ""
	for _, path := range []string{"containers/x/json", "images/x/json", "networks/x", "volumes/x", "plugins/x/json"} {
		x := s.answer(s.ask(c, "Docker-Client/28.2.2 (linux)", "GET", "/v1.41/"+path), 404, "no such thing: x")
		if x.Said.Answer.Try != "" {
			tries += path + ": " + x.Said.Answer.Try + "\n"
		}
	}
	if !strings.HasPrefix(tries, "containers/x/json: docker ps -a ") || !strings.Contains(tries, "\nplugins/x/json: docker ps -a, ") || strings.Count(tries, "\n") != 2 {
		t.Errorf("try: %s", tries)
	}
}

// TestStates: a conflict is told by what it is, and a wait that has failed by that.
func TestStates(t *testing.T) {
	for _, c := range []struct {
		method, path string
		status       int
		message      string
		want         string
	}{
		{"POST", "containers/x/attach", 409, "Container x is paused, unpause the container before attach", "The container is paused."},
		{"POST", "containers/x/attach", 409, "Container x is restarting, wait until the container is running", "The container has ended, and"},
		{"POST", "containers/x/exec", 409, "Container x is not running", "The container does not run."},
		{"POST", "containers/create", 400, "No such container: other", "It is another container"},
		{"POST", "containers/create", 404, "No such container: other", "It is another container"},
		{"POST", "containers/x/wait", 200, "driver failed", "The daemon could not wait"},
	} {
		s := newSession(t)
		x := s.answer(s.ask(s.conn(1, 7, "docker"), "Docker-Client/28.2.2 (linux)", c.method, "/v1.41/"+c.path), c.status, c.message)
		if a := x.Said.Answer; a == nil || !strings.HasPrefix(a.Means, c.want) {
			t.Errorf("%s: %+v, want %s", c.message, a, c.want)
		}
	}
}
