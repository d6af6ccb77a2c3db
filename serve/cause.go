package serve

import (
	"slices"
	"strings"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// isCause reports whether e may have been what something waited for: its request changes
// the daemon.
func (e *exchange) isCause() bool {
	switch e.op {
	case "ContainerAttach", "ContainerWait", "ContainerResize", "ExecResize", "SystemAuth":
		return false
	}
	if e.answer.speaks == messages {
		return callChanges(e.op)
	}
	return !reads(e.request.Method)
}

// reading are how methods of gRPC begin that change nothing that others wait for.
var reading = []string{"Export", "Get", "Info", "Inspect", "List", "Ping", "Read", "Resolve", "Stat", "Check", "Watch", "Subscribe", "Wait", "Version", "DiskUsage", "ImageFsInfo"}

// callChanges reports whether a call of gRPC may change the daemon, by its name.
func callChanges(op string) bool {
	_, method, _ := strings.Cut(op, "/")
	return !slices.ContainsFunc(reading, func(begin string) bool { return strings.HasPrefix(method, begin) })
}

// reads reports whether requests with a method change nothing (RFC 9110, section 9.2.1).
func reads(method string) bool { return method == "GET" || method == "HEAD" }

// concerns reports whether e may have to do with the subject of o: with the same, with all of
// its type, or with nothing in particular.
func (e *exchange) concerns(o *exchange) bool {
	a, b := container(e.subject), container(o.subject)
	switch {
	case b == (wire.Subject{}):
		return true
	case a == (wire.Subject{}): // what has failed has made nothing
		about := dockerapi.Named(e.op).Object()
		return e.answer.status < 400 && (about == "" || about == b.Type)
	case a.Type != b.Type:
		return false
	}
	return alike(a.ID, b.ID) || alike(a.Name, b.Name) || alike(a.ID, b.Name) || alike(a.Name, b.ID)
}

// shortID is how long an id is at least that stands for a longer one.
const shortID = 12

// alike reports whether a and b may be names of one thing: ids are known by how they begin.
func alike(a, b string) bool {
	if min(len(a), len(b)) < shortID {
		return a == b && a != ""
	}
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// container returns the container of an exec instance instead of that.
func container(s wire.Subject) wire.Subject {
	if s.Type == "exec" && s.Container != "" {
		return wire.Subject{Type: "container", ID: s.Container, Name: s.Container}
	}
	return s
}

// buildsAt returns the builds that were going on at a time of the script.
func (s *Script) buildsAt(at time.Duration) (all []*exchange) {
	for _, n := range s.causes {
		c := s.exchanges[n-1]
		if (c.op == "ImageBuild" || c.op == "Control/Solve") && c.asked <= at && c.answer.last.at >= at {
			all = append(all, c)
		}
	}
	return all
}

// causeKeys returns what e, which is a cause, is found by: what it may concern.
func (e *exchange) causeKeys() []string {
	s := container(e.subject)
	switch {
	case s != (wire.Subject{}):
		return keysOf(s)
	case e.answer.status < 400:
		return []string{dockerapi.Named(e.op).Object()}
	}
	return nil
}

// keysOf returns one key for each name of a subject: things that are alike have one in common.
func keysOf(s wire.Subject) (keys []string) {
	for _, name := range []string{s.ID, s.Name} {
		if name != "" {
			keys = append(keys, s.Type+" "+name[:min(len(name), shortID)])
		}
	}
	return keys
}

// causesOf returns the numbers of the causes behind one that may concern e, in their order.
func (s *Script) causesOf(e *exchange, behind int) []int {
	lists := [][]int{s.causes}
	if b := container(e.subject); b != (wire.Subject{}) {
		lists = [][]int{s.concern[""], s.concern[b.Type]}
		for _, key := range keysOf(b) {
			lists = append(lists, s.concern[key])
		}
	}
	for i, numbers := range lists {
		from, _ := slices.BinarySearch(numbers, behind+1)
		lists[i] = numbers[from:]
	}
	return merged(lists...)
}
