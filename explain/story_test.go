package explain

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestStoriesApart: the stories of a process whose connections have all ended in between do not
// overlap, and what is the rest of a call is not called another.
func TestStoriesApart(t *testing.T) {
	s := newSession(t)
	var got []string
	for i, n := range []int{2, 3, 4} {
		c := s.conn(i+1, 9, "python3")
		for range n {
			s.answer(s.ask(c, pyAgent, "GET", "/v1.41/containers/json"), 200, "")
		}
		got = append(got, s.closes(c))
	}
	want := []string{
		"docker-py, containers.list: 2 requests on 1 connection, 30 ms",
		"docker-py: 3 requests on 1 connection, 50 ms",
		"docker-py: 4 requests on 1 connection, 70 ms",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestStoryOfEach: of a program that has a connection for each request nobody knows when it is done.
func TestStoryOfEach(t *testing.T) {
	s := newSession(t)
	for i := range 5 {
		c := s.conn(i+1, 9, "podman")
		s.answer(s.ask(c, "Go-http-client/1.1", "GET", "/v1.41/containers/json"), 200, "")
		if got := s.closes(c); got != "" {
			t.Errorf("after %d: %s", i+1, got)
		}
	}
	c := s.conn(9, 10, "traefik")
	s.answer(s.ask(c, "Go-http-client/1.1", "GET", "/v1.41/containers/json"), 200, "")
	s.answer(s.ask(c, "Go-http-client/1.1", "GET", "/v1.41/events"), 200, "")
	if got, want := s.closes(c), "traefik: 2 requests on 1 connection, 30 ms"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestProcessAgain: what has the number of a process that has ended is none of that, whether it has
// its name or not, and whether its connections were seen to end or not.
func TestProcessAgain(t *testing.T) {
	for _, ended := range []bool{true, false} {
		for _, second := range []string{"docker", "python3", "docker-compose"} {
			s := newSession(t)
			agent := map[string]string{"docker": cliAgent, "python3": pyAgent, "docker-compose": "compose/v2"}
			c := s.conn(1, 7, "docker-compose")
			if second == "docker-compose" {
				c = s.conn(2, 7, "python3")
			}
			s.answer(s.ask(c, agent[c.Client.Process.Name], "GET", "/_ping"), 200, "")
			create := s.ask(c, agent[c.Client.Process.Name], "POST", "/v1.41/containers/create")
			s.answer(create, 404, "No such image: x")
			s.answer(s.ask(c, agent[c.Client.Process.Name], "POST", "/v1.41/images/create?fromImage=x"), 200, "")
			if ended {
				s.closes(c)
			}
			d := s.conn(3, 7, second)
			x := s.answer(s.ask(d, agent[second], "POST", "/v1.41/containers/create"), 201, "")
			if x.Said == nil || strings.Contains(x.Said.Asks, "same request again") {
				t.Errorf("%s, ended %t: %+v", second, ended, x.Said)
			}
			s.answer(s.ask(d, agent[second], "GET", "/v1.41/containers/json"), 200, "")
			want := map[string]string{"docker": "docker", "python3": "docker-py", "docker-compose": "docker compose"}[second]
			if got := s.closes(d); got != want+": 2 requests on 1 connection, 30 ms" {
				t.Errorf("%s, ended %t: %s", second, ended, got)
			}
		}
	}
}

// TestTellerFull: a connection that there was room for has its story, however many come then,
// and of those nothing is said that is not known.
func TestTellerFull(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 7, "docker")
	wait := s.ask(c, cliAgent, "GET", "/v1.41/events")
	for i := 2; i <= maxConns+2; i++ {
		other := &wire.Conn{ID: i, Client: wire.Peer{Process: &wire.Process{PID: 99, Name: "python3"}}}
		s.ask(other, pyAgent, "GET", "/v1.41/events")
	}
	late := s.ask(&wire.Conn{ID: maxConns + 9}, cliAgent, "HEAD", "/_ping")
	if strings.Contains(late.Said.Asks, "before all else") {
		t.Errorf("said %q", late.Said.Asks)
	}
	s.now = s.now.Add(time.Second)
	s.answer(wait, 200, "")
	s.answer(s.ask(c, cliAgent, "GET", "/v1.41/events"), 200, "")
	if s.closes(c) == "" {
		t.Error("no story")
	}
	if n := s.tell.conns[c]; n != nil {
		t.Errorf("remembered: %+v", n)
	}
}

// TestMissingOnce: an image that was pulled for one container is not the reason for the next.
func TestMissingOnce(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 7, "python3")
	create := func(status int, image string) *wire.Exchange {
		x := s.ask(c, pyAgent, "POST", "/v1.41/containers/create")
		x.Details = []wire.Detail{{Name: "image", Value: image}}
		return s.answer(x, status, map[bool]string{true: "No such image: " + image}[status == 404])
	}
	pull := func(image string) *wire.Exchange {
		return s.answer(s.ask(c, pyAgent, "POST", "/v1.41/images/create?tag=latest&fromImage="+image), 200, "")
	}
	create(404, "a")
	has(t, pull("a"), "could not be created without the image")
	has(t, create(201, "a"), "same request again")
	hasNot(t, create(404, "b"), "same request again")
	hasNot(t, create(404, "b"), "same request again") // tried again, without a pull
	hasNot(t, pull("c"), "could not be created")
	hasNot(t, create(404, "b"), "same request again")
	has(t, s.answer(s.ask(c, pyAgent, "GET", "/v1.41/images/b/json"), 200, ""), "Tells all")
	pull("b")
	has(t, s.ask(c, pyAgent, "GET", "/v1.41/images/b/json"), "that it has pulled")
	hasNot(t, s.ask(c, pyAgent, "GET", "/v1.41/images/z/json"), "that it has pulled")
}

// TestExecOnce: the exit code that is asked for is that of the command that has ended.
func TestExecOnce(t *testing.T) {
	s := newSession(t)
	c := s.conn(1, 7, "python3")
	s.answer(s.ask(c, pyAgent, "POST", "/v1.41/containers/x/exec"), 201, "")
	has(t, s.answer(s.ask(c, pyAgent, "POST", "/v1.41/exec/e1/start", upgrade), 101, ""), "made just before")
	hasNot(t, s.ask(c, pyAgent, "GET", "/v1.41/exec/e2/json"), "exit code of the command: ")
	has(t, s.ask(c, pyAgent, "GET", "/v1.41/exec/e1/json"), "docker-py asks for it when the stream has ended")
	hasNot(t, s.ask(c, pyAgent, "POST", "/v1.41/exec/e2/start", upgrade), "made just before")
}

// hasNot checks that words are not said of a request.
func hasNot(t *testing.T, x *wire.Exchange, words string) {
	t.Helper()
	if x.Said != nil && strings.Contains(x.Said.Asks, words) {
		t.Errorf("%s %s: %q", x.Request.Method, x.Request.Target, x.Said.Asks)
	}
}
