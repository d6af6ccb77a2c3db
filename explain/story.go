package explain

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// story returns what the connections of a client were for; nil if that is a request alone,
// or nobody knows what the client is. Of a program that makes a connection for each request it is not
// known which was its last.
func (c *client) story() *wire.Story {
	name := c.name()
	if c.asked < 2 || name == "" || c.program == anyProgram && !c.keeps {
		return nil
	}
	return &wire.Story{
		Name: name, Requests: c.asked, Calls: c.calls, Conns: c.conns,
		Took: c.last.Sub(c.first), Waited: c.idle.sum, For: c.waited(),
	}
}

// besides are operations that many commands ask for beside what they are for.
var besides = []string{"SystemPing", "SystemPingHead", "SystemVersion", "SystemInfo", "ContainerInspect", "ImageInspect", "ContainerResize", "ContainerKill", "ExecResize", "ExecInspect"}

// aliases are commands that are others, by a longer name.
var aliases = []string{"docker container ls", "docker image ls", "docker image rm", "docker image inspect"}

// name returns the command that asks for what the client has asked for, if that is one
// alone; else what the client is called. It is empty if that is not known.
func (c *client) name() string {
	if c.command != "" {
		return c.command
	}
	switch c.program {
	case dockerCLI:
		if all := c.commands(func(e *Entry) []string { return e.Commands }); len(all) == 1 && c.pings <= 1 { // a command pings once
			return all[0]
		}
		return "docker"
	case dockerPy:
		if all := c.commands(func(e *Entry) []string { return e.Python }); len(all) == 1 && !c.later { // else it may be the rest of another
			return "docker-py, " + all[0]
		}
		return "docker-py"
	case compose:
		return "docker compose"
	case buildx:
		return "docker buildx"
	}
	return c.process
}

// neverWithout are operations that commands always ask for, beside others that several have.
var neverWithout = map[string]string{
	"docker stats": "ContainerStats", "docker start": "ContainerStart", "docker attach": "ContainerAttach",
	"docker stack deploy": "SystemInfo", "docker node ls": "NodeList",
}

// commands returns those that ask for each operation that the client has asked for.
func (c *client) commands(of func(*Entry) []string) (all []string) {
	did := slices.DeleteFunc(slices.Clone(c.operations), func(o string) bool { return slices.Contains(besides, o) })
	if len(did) == 0 {
		did = slices.DeleteFunc(slices.Clone(c.operations), dockerapi.IsPing)
	}
	for i, o := range did {
		e := Of(o)
		switch {
		case e == nil:
			return nil
		case i == 0:
			all = slices.Clone(of(e))
		default:
			all = slices.DeleteFunc(all, func(s string) bool { return !slices.Contains(of(e), s) })
		}
	}
	return slices.DeleteFunc(all, func(s string) bool {
		switch {
		case slices.Contains(aliases, s), strings.HasPrefix(s, "docker compose "):
			return true
		case s == "docker run", s == "containers.run": // a failed one looks like docker create
			return !c.did("ContainerCreate") || !c.did("ContainerStart") && !c.failed["ContainerCreate"]
		case s == "docker system prune": // which does not go on after a failure
			return !c.did("NetworkPrune") && !c.failed["ContainerPrune"]
		}
		needs, known := neverWithout[s]
		return known && !c.did(needs)
	})
}

// waited says what the client has waited for.
func (c *client) waited() string {
	switch {
	case c.did("ContainerWait"), c.did("ContainerAttach"), c.did("ContainerLogs"):
		return "for the container"
	case c.did("ExecStart"):
		return "for the command"
	case c.did("GRPC"), c.did("Session"):
		return "for the build"
	case c.did("SystemEvents"):
		return "for events"
	}
	return ""
}

// worthWaiting is how much waiting is told.
const worthWaiting = 50 * time.Millisecond

// Tell returns a story in a line:
//
//	docker run: 5 requests on 3 connections, 0.5 s, of which 0.4 s waiting for the container
func Tell(s *wire.Story) string {
	line := s.Name + ": " + plural.Of(int64(s.Requests), "request")
	if s.Calls > 0 {
		line += " and " + plural.Of(int64(s.Calls), "gRPC call")
	}
	line += " on " + plural.Of(int64(s.Conns), "connection") + ", " + seconds(s.Took)
	if s.Waited >= worthWaiting && s.Waited <= s.Took {
		line += ", of which " + seconds(s.Waited) + " waiting"
		if s.For != "" {
			line += " " + s.For
		}
	}
	return line
}

// seconds returns a time as people say it.
func seconds(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return strconv.FormatInt(max(d.Round(time.Millisecond), time.Millisecond).Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return d.Round(time.Second).String()
}
