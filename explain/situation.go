package explain

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// situation is an exchange, and what was before it.
type situation struct {
	x         *wire.Exchange
	client    *client
	box       *container // that it is about, if it was made in this session; else nil
	operation string     // without what tells Podman's own apart
	first     bool       // it is the client's first request
	agreed    bool       // it was said already why clients ping
}

// is reports whether the client is one of some programs.
func (s *situation) is(programs ...program) bool {
	for _, p := range programs {
		if s.client.program == p {
			return true
		}
	}
	return false
}

// own reports whether the client has made the container that it asks about.
func (s *situation) own() bool { return s.box != nil && s.box.by == s.client }

// beforeStart reports whether the container was made in this session, and was not started
// when the request came. Recordings may tell the start first, which ended first.
func (s *situation) beforeStart() bool {
	return s.box != nil && (s.box.started.IsZero() || s.x.Start.Before(s.box.started))
}

// runsPython reports whether the client does what containers.run of docker-py does, and other
// calls of it do not.
func (s *situation) runsPython() bool { return s.is(dockerPy) && s.own() && s.box.followed }

// query returns the value of a parameter; empty if there is none.
func (s *situation) query(name string) string {
	_, query, _ := strings.Cut(s.x.Request.Target, "?")
	value, _ := dockerapi.Parameter(query, name)
	return value
}

// set reports whether a parameter is true.
func (s *situation) set(name string) bool { return dockerapi.IsTrue(s.query(name)) }

// pullsMissing reports whether the image that is asked for is the one that was not there, as far
// as is known which that was.
func (s *situation) pullsMissing() bool {
	from, tag := s.query("fromImage"), s.query("tag")
	if from == "" || s.client.image == "" {
		return from != ""
	}
	if tag != "" {
		from += ":" + tag
	}
	missing := s.client.image
	for _, host := range []string{"docker.io/", "library/"} {
		from, missing = strings.TrimPrefix(from, host), strings.TrimPrefix(missing, host)
	}
	return from == missing || from+":latest" == missing
}

// behind reports whether the request before this one of the client was for an operation.
func (s *situation) behind(operations ...string) bool {
	return slices.Contains(operations, s.client.before)
}

// upgrades reports whether the request proposes to leave HTTP.
func (s *situation) upgrades() bool { return wire.HasField(s.x.Request.Fields, "Upgrade") }

// notes notes what the request does with the container.
func (s *situation) notes() {
	if s.box == nil {
		return
	}
	switch s.operation {
	case "ContainerAttach", "ContainerAttachWebsocket":
		s.box.attached = true
	case "ContainerWait":
		s.box.waited = true
	case "ContainerLogs":
		s.box.followed = s.box.followed || s.set("follow")
	case "ContainerStart", "ContainerRestart":
		if s.box.started.IsZero() {
			s.box.started = s.x.Start
		}
	}
}
