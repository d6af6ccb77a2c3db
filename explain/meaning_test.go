package explain

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestMeaning: what answers mean, and what is about another client than that which got it is
// not said.
func TestMeaning(t *testing.T) {
	const old = "Docker-Client/20.10.24 (linux)"
	exit := func(code int64) *int64 { return &code }
	for _, c := range []struct {
		agent, method, target string
		status                int
		failed                string
		exit                  *int64
		want                  string // status, what is raised, what is printed; empty: nothing is said
	}{
		{cliAgent, "GET", "/v1.41/containers/json", 200, "", nil, ""},
		{cliAgent, "POST", "/v1.41/containers/x/start", 204, "", nil, ""},
		{cliAgent, "POST", "/v1.41/containers/x/start", 304, "", nil, "304||"},
		{cliAgent, "POST", "/v1.41/containers/x/start", 404, "No such container: x", nil, "404||Error response from daemon: No such container: x"},
		{pyAgent, "POST", "/v1.41/containers/x/start", 404, "No such container: x", nil, "404|docker.errors.NotFound|"},
		{"curl/8", "POST", "/v1.41/containers/x/start", 404, "No such container: x", nil, "404||"},
		{"", "POST", "/v1.41/containers/x/start", 404, "No such container: x", nil, "404|docker.errors.NotFound|Error response from daemon: No such container: x"},
		{cliAgent, "DELETE", "/v1.41/containers/x", 404, "No such container: x", nil, "404||Error response from daemon: No such container: x"},
		{old, "DELETE", "/v1.41/containers/x", 404, "No such container: x", nil, "404||Error: No such container: x"},
		{"Docker-Client/23.0.1 (linux)", "DELETE", "/v1.41/containers/x", 404, "No such container: x", nil, "404||"},
		{pyAgent, "GET", "/v1.41/images/x/json", 404, "no such image: x: No such image: x", nil, "404|docker.errors.ImageNotFound|"},
		{pyAgent, "GET", "/v1.41/containers/x/logs", 404, "No such container: x", nil, "404||"},
		{pyAgent, "POST", "/v1.41/containers/create", 409, "Conflict", nil, "409|docker.errors.APIError|"},
		{pyAgent, "POST", "/v1.41/build", 200, "it failed", nil, "200|docker.errors.BuildError|"},
		{pyAgent, "POST", "/v1.41/images/create?fromImage=x", 200, "it failed", nil, "200||"},
		{cliAgent, "POST", "/v1.41/images/create?fromImage=x", 200, "it failed\n", nil, "200||it failed"},
		{cliAgent, "POST", "/v1.41/containers/x/wait", 200, "", exit(0), ""},
		{cliAgent, "POST", "/v1.41/containers/x/wait", 200, "", exit(137), "exit 137||"},
		{pyAgent, "POST", "/v1.41/containers/x/wait", 200, "", exit(3), "exit 3||"},
		{cliAgent, "GET", "/v1.41/exec/x/json", 200, "", exit(127), "exit 127||"},
		{cliAgent, "GET", "/_ping", 500, "", nil, "500||"},
		{cliAgent, "GET", "/v1.99/info", 400, "client version 1.99 is too new. Maximum supported API version is 1.41", nil, "400||"},
		{"curl/8", "GET", "/no/such", 404, "page not found", nil, ""},
		{pyAgent, "GET", "/v1.41/no/such", 404, "page not found", nil, "404|docker.errors.NotFound|"},
	} {
		s := newSession(t)
		x := s.ask(s.conn(1, 0, ""), c.agent, c.method, c.target)
		if c.agent == "" {
			x.Request.Fields = nil
		}
		x.Subject = wire.Subject{Type: "container", ID: x.Request.Call.Subject}
		x.Outcome.Exit = c.exit
		s.answer(x, c.status, c.failed)
		got := ""
		if x.Said != nil && x.Said.Answer != nil {
			m := x.Said.Answer
			got = m.Status + "|" + m.Raises + "|" + m.Prints
			if m.Means == "" {
				t.Errorf("%s %s: no sentence: %+v", c.method, c.target, m)
			}
		}
		if got != c.want {
			t.Errorf("%s %s by %s: %d %s: got %q, want %q", c.method, c.target, c.agent, c.status, c.failed, got, c.want)
		}
	}
}

// TestRunError: containers.run raises for the exit code of what it has made.
func TestRunError(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 5, "python3")
	create := s.ask(c, pyAgent, "POST", "/v1.41/containers/create")
	create.Subject.ID = anID
	s.answer(create, 201, "")
	has(t, s.answer(s.ask(c, pyAgent, "GET", "/v1.41/containers/"+anID+"/json"), 200, ""), "docker-py makes its object")
	s.answer(s.ask(c, pyAgent, "POST", "/v1.41/containers/"+anID+"/start"), 204, "")
	has(t, s.answer(s.ask(c, pyAgent, "GET", "/v1.41/containers/"+anID+"/logs?follow=1"), 200, ""), "does not attach")
	has(t, s.answer(s.ask(c, pyAgent, "GET", "/v1.41/containers/"+anID+"/json"), 200, ""), "whether the container has a terminal")
	wait := s.ask(c, pyAgent, "POST", "/v1.41/containers/"+anID+"/wait")
	code := int64(3)
	wait.Outcome.Exit = &code
	s.answer(wait, 200, "")
	if m := wait.Said.Answer; m == nil || m.Raises != "docker.errors.ContainerError" {
		t.Errorf("got %+v", m)
	}
	has(t, s.answer(s.ask(c, pyAgent, "DELETE", "/v1.41/containers/"+anID), 204, ""), "With remove=True")
	if got, want := s.closes(c), "docker-py, containers.run: 7 requests on 1 connection, 0.1 s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAsEnded: recordings may tell exchanges in the order in which they ended.
func TestAsEnded(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 5, "docker")
	create := s.ask(c, cliAgent, "POST", "/v1.41/containers/create")
	create.Subject.ID = anID
	s.answer(create, 201, "")
	before := s.now
	s.answer(s.ask(c, cliAgent, "POST", "/v1.41/containers/"+anID+"/start"), 204, "")
	s.now = before.Add(-5 * time.Millisecond)
	has(t, s.ask(s.conn(2, 5, "docker"), cliAgent, "POST", "/v1.41/containers/"+anID+"/attach", upgrade), "attaches before it starts")
}

// TestPassedOn: commands that one process passes on are told apart by their pings.
func TestPassedOn(t *testing.T) {
	s := newSession(t)
	for i, path := range []string{"/v1.41/version", "/v1.41/images/json"} {
		c := s.conn(i+1, 99, "tunnel")
		has(t, s.answer(s.ask(c, cliAgent, "HEAD", "/_ping"), 200, ""), "before all else")
		s.answer(s.ask(c, cliAgent, "GET", path), 200, "")
		want := []string{"docker version: 2 requests on 1 connection, 30 ms", "docker images: 2 requests on 1 connection, 30 ms"}[i]
		if got := s.closes(c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestNames: a command is named only if it can be no other.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		asked []string
		want  string
	}{
		{[]string{"GET /containers/json"}, "docker ps"},
		{[]string{"GET /containers/json", "GET /containers/x/stats"}, "docker stats"},
		{[]string{"POST /containers/create"}, "docker create"},
		{[]string{"POST /containers/create", "POST /containers/x/start"}, "docker run"},
		{[]string{"GET /containers/x/json"}, "docker"}, // inspect, exec, logs …
		{[]string{"GET /containers/x/json", "GET /containers/x/logs"}, "docker logs"},
		{[]string{"GET /containers/x/json", "POST /containers/x/exec", "POST /exec/y/start", "GET /exec/y/json"}, "docker exec"},
		{[]string{"GET /containers/json", "GET /images/json"}, "docker"},
		{[]string{"GET /info"}, "docker"}, // info, pull …
		{[]string{"POST /networks/create"}, "docker network create"},
		{[]string{"POST /containers/prune"}, "docker container prune"},
		{[]string{"POST /containers/prune", "POST /networks/prune", "POST /images/prune"}, "docker system prune"},
		{[]string{"POST /containers/x/wait"}, "docker wait"},
		{[]string{"POST /containers/x/start"}, "docker start"},
		{[]string{"GET /events", "GET /containers/json", "GET /containers/x/stats"}, "docker stats"},
		{[]string{"GET /events"}, "docker events"},
		{[]string{"GET /containers/x/json", "POST /containers/x/wait", "POST /containers/x/attach"}, "docker attach"},
	} {
		s := newSession(t)
		conn := s.conn(1, 7, "docker")
		s.answer(s.ask(conn, cliAgent, "HEAD", "/_ping"), 200, "")
		for _, asked := range c.asked {
			var method, path string
			if _, err := fmt.Sscan(asked, &method, &path); err != nil {
				t.Fatal(err)
			}
			s.answer(s.ask(conn, cliAgent, method, path), 200, "")
		}
		ev := &wire.Close{Meta: wire.Meta{Conn: conn}}
		s.tell.Explain(ev, nil)
		if ev.Story == nil || ev.Story.Name != c.want {
			t.Errorf("%v: got %+v, want %s", c.asked, ev.Story, c.want)
		}
	}
}

// TestRuns: what was typed is the name of the process's story, and of no other's.
func TestRuns(t *testing.T) {
	s := newSession(t)
	s.tell.Runs("docker", "docker container ls")
	for i, want := range []string{"docker container ls", "docker ps"} {
		c := s.conn(i+1, i+1, "docker")
		s.answer(s.ask(c, cliAgent, "HEAD", "/_ping"), 200, "")
		s.answer(s.ask(c, cliAgent, "GET", "/v1.41/containers/json"), 200, "")
		if ev := (&wire.Close{Meta: wire.Meta{Conn: c}}); true {
			if s.tell.Explain(ev, nil); ev.Story == nil || ev.Story.Name != want {
				t.Errorf("got %+v, want %s", ev.Story, want)
			}
		}
	}
}

// TestTellerBounded: of clients, connections and containers without end not all are
// remembered.
func TestTellerBounded(t *testing.T) {
	s := newSession(t)
	for i := 1; i <= maxConns+10; i++ {
		c := &wire.Conn{ID: i, Client: wire.Peer{Process: &wire.Process{PID: i, Name: "docker"}}}
		s.last[i] = 0
		create := s.ask(c, cliAgent, "POST", "/containers/create")
		create.Subject.ID = fmt.Sprintf("%064x", i)
		s.answer(create, 201, "")
		s.ask(c, cliAgent, "GET", "/events")
	}
	if n := len(s.tell.conns); n > maxConns {
		t.Errorf("%d connections", n)
	}
	if n := len(s.tell.clients); n > maxClients {
		t.Errorf("%d clients", n)
	}
	if n := len(s.tell.containers); n > maxContainers {
		t.Errorf("%d containers", n)
	}
	if n := len(s.tell.open); n > maxOpen {
		t.Errorf("%d exchanges", n)
	}
}

// TestTellerConcurrent: connections are told at once.
func TestTellerConcurrent(t *testing.T) {
	tell := NewTeller()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s := newSession(t)
			s.tell = tell
			for range 100 {
				c := s.conn(i, 1, "docker")
				s.answer(s.ask(c, cliAgent, "GET", "/v1.41/containers/json"), 200, "")
			}
			s.closes(s.conns[i])
		})
	}
	wg.Wait()
	if len(tell.conns) != 0 || len(tell.open) != 0 {
		t.Errorf("%d connections and %d exchanges are left", len(tell.conns), len(tell.open))
	}
}
