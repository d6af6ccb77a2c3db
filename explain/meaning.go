package explain

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// meaning returns what the answer of an exchange that has ended means; nil if it needs no
// words, or nobody knows.
func (s *situation) meaning() *wire.Meaning {
	e := Of(s.x.Request.Call.Operation)
	if g, is := s.x.GRPC(); is {
		return ofCall(e, &g)
	}
	r := s.x.Response
	switch failed := s.x.Outcome.Error; {
	case r == nil:
		return nil
	case r.Status >= 400, r.Status == 304:
		return s.refusal(e, r.Status, failed)
	case failed != "":
		return s.lateFailure(e, failed)
	case s.x.Outcome.Exit != nil && *s.x.Outcome.Exit != 0:
		return s.ofExit(e, *s.x.Outcome.Exit)
	}
	return nil
}

// ofCall returns what the status of a call of gRPC means.
func ofCall(e *Entry, g *wire.GRPC) *wire.Meaning {
	if e == nil || g.Status == "" || g.Status == "OK" {
		return nil
	}
	x, known := e.Error(g.Status)
	if !known {
		return nil
	}
	return &wire.Meaning{Status: g.Status, Means: x.Means, Try: x.Try}
}

// refusal returns what a status means that is no success.
func (s *situation) refusal(e *Entry, status int, message string) *wire.Meaning {
	m := &wire.Meaning{Status: strconv.Itoa(status)}
	if e != nil {
		if x, known := e.Error(m.Status); known {
			m.Means, m.Raises, m.Try = x.Means, x.Raises, x.Try
		}
	}
	switch p := phraseIn(s.operation, message); {
	case status == 304:
	case p != nil:
		m.Means, m.Try = p.means, p.try
	case s.noPath(status, message):
		x := general("404")
		m.Means, m.Raises, m.Try = x.Means, x.Raises, x.Try
	case status == 500 && strings.HasPrefix(message, "invalid "):
		m.Means, m.Try = "A parameter or the document is wrong, of which this daemon says that it has failed itself.", "read the message: it names what is wrong"
	case ofOther(s):
		m.Try = "" // it looks for something else
		if s.operation == "PluginInspect" {
			m.Means = "No kind so far has anything of that name: docker inspect tries one after the other."
			m.Try = "docker ps -a, docker images, docker network ls and docker volume ls list what is there"
		}
	}
	if m.Means == "" || status == 304 {
		m.Raises = ""
		return orNil(m)
	}
	if message != "" && m.Raises != "" {
		m.Raises = raisedFor(status, message)
	}
	if s.is(dockerPy) && status == 404 && (s.operation == "ContainerLogs" || s.operation == "ContainerAttach") {
		m.Raises = "" // it inspects the container then, and raises that answer
	}
	m.Prints = s.prints(status, message)
	s.forClient(m)
	return m
}

// noPath reports whether the daemon has no such path, rather than not what it is about.
func (s *situation) noPath(status int, message string) bool {
	path := s.x.Request.Target
	return status == 404 && strings.TrimSpace(message) == "page not found" && (s.operation != "" || versioned.MatchString(path))
}

// versioned are the paths of requests that name a version of the API.
var versioned = regexp.MustCompile(`^/v[0-9]+\.[0-9]+/`)

// orNil returns m if it says anything.
func orNil(m *wire.Meaning) *wire.Meaning {
	if m.Means == "" {
		return nil
	}
	return m
}

// forClient leaves out what is about another program than the client. If nothing at all is known of
// that, both stay.
func (s *situation) forClient(m *wire.Meaning) {
	switch s.client.program {
	case anyProgram:
		if processOf(s.x.Conn) != nil || wire.HasField(s.x.Request.Fields, "User-Agent") {
			m.Raises, m.Prints = "", ""
		}
	case dockerPy:
		m.Prints = ""
	case dockerCLI:
		m.Raises = ""
	case compose, buildx: // what they print has words of their own
		m.Raises, m.Prints = "", ""
	}
}

// imageWords are what messages say by which docker-py tells that it is an image that is
// not there (docker/errors.py).
var imageWords = []string{"no such image", "not found: does not exist or no pull access", "repository does not exist", "was found but does not match the specified platform"}

// raisedFor returns what docker-py raises for a status and a message.
func raisedFor(status int, message string) string {
	if status != 404 {
		return raised(strconv.Itoa(status))
	}
	message = strings.ToLower(message)
	for _, words := range imageWords {
		if strings.Contains(message, words) {
			return imageNotFound
		}
	}
	return notFound
}

// silent are operations whose failures the docker CLI does not print, or prints in words
// of its own, which depend on the command.
var silent = map[string]bool{
	"SystemPing": true, "SystemPingHead": true, "ContainerArchiveInfo": true, "ContainerResize": true, "ExecResize": true,
	"ContainerInspect": true, "ImageInspect": true, "NetworkInspect": true, "VolumeInspect": true, "PluginInspect": true,
	"NodeInspect": true, "ServiceInspect": true, "TaskInspect": true, "SecretInspect": true, "ConfigInspect": true,
	"ContainerWait": true, "SystemInfo": true,
}

// Old versions of the docker CLI say in words of their own that something is not there: 20.10
// does, and firstPlain does not any more.
const (
	lastWorded = 20
	firstPlain = 25
)

// worded are the operations for which they do. For those that are true the words are known.
var worded = map[string]bool{
	"ContainerDelete": true, "ImageDelete": true, "NetworkDelete": true, "VolumeDelete": true, "ContainerArchive": true,
	"PutContainerArchive": false, "PluginDelete": false, "NodeDelete": false, "ServiceDelete": false,
	"SecretDelete": false, "ConfigDelete": false,
}

// inOldWords returns what an old docker CLI prints for what is not there; empty if that is not
// known. It is false for others.
func (s *situation) inOldWords() (string, bool) {
	known, is := worded[s.operation]
	if !is || !s.is(dockerCLI) || s.client.version >= firstPlain {
		return "", false
	}
	if !known || s.client.version != lastWorded || s.x.Subject.Type == "" {
		return "", true
	}
	what, name := s.x.Subject.Type, s.x.Request.Call.Subject
	if s.operation == "ContainerArchive" {
		what, name = what+":path", name+":"+s.query("path")
	}
	return "Error: No such " + what + ": " + name, true
}

// prints returns what the docker CLI prints for an answer.
func (s *situation) prints(status int, message string) string {
	message = strings.TrimSpace(message)
	if status == 404 {
		if words, old := s.inOldWords(); old {
			return words
		}
	}
	switch {
	case message == "" || silent[s.operation]:
		return ""
	case s.operation == "ContainerCreate" && status == 404:
		return "" // whether it pulls the image, and says that, or gives up is not known yet
	case s.operation == "ContainerStart" && s.own() && s.is(dockerCLI):
		return "docker: Error response from daemon: " + message // it is docker run
	}
	return "Error response from daemon: " + message
}

// image returns the image of a container, with its tag; empty if it is not known.
func (s *situation) image() string {
	for _, d := range s.x.Details {
		if d.Name != "image" || d.Value == "" || strings.Contains(d.Value, "@") {
			continue
		}
		if !strings.Contains(d.Value[strings.LastIndexByte(d.Value, '/')+1:], ":") {
			return d.Value + ":latest"
		}
		return d.Value
	}
	return ""
}

// lateFailure returns what a failure means that an answer tells which had begun well.
func (s *situation) lateFailure(e *Entry, message string) *wire.Meaning {
	m := &wire.Meaning{Status: strconv.Itoa(s.x.Response.Status), Means: "It had begun well, hence the status; what failed then is told in the answer itself."}
	if e != nil {
		if x, known := e.Error("200"); known {
			m.Raises, m.Try = x.Raises, x.Try
		}
	}
	if p := phraseIn(s.operation, message); p != nil {
		m.Means += " " + p.means
		m.Try = p.try
	}
	if m.Prints = strings.TrimSpace(message); s.operation == "ContainerWait" { // neither looks at it
		m.Means = "The daemon could not wait to the end, and says so in Error: StatusCode is not that of the process."
		m.Raises, m.Prints, m.Try = "", "", "docker inspect tells what has become of the container, if it is still there"
	}
	s.forClient(m)
	return m
}

// ofExit returns what the exit code of a container, or of a command in one, means.
func (s *situation) ofExit(e *Entry, code int64) *wire.Meaning {
	m := &wire.Meaning{Status: "exit " + strconv.FormatInt(code, 10), Means: exits[code].means, Try: exits[code].try}
	removed := s.query("condition") == "removed"
	if s.unstarted(m, code) {
		return m
	}
	if removed && code == 137 {
		m.Try = "" // there is nothing to inspect any more
	}
	if m.Means == "" {
		m.Means = "The process itself has ended with this: 0 would be success."
		if n := code - 128; n > 0 && n < 65 {
			m.Means = "The process was ended by signal " + strconv.FormatInt(n, 10) + ", or ended itself with this."
		}
	}
	x, known := Error{}, false
	if e != nil && s.operation == "ContainerWait" {
		x, known = e.Error("200")
	}
	switch {
	case !known:
	case s.runsPython(): // Container.wait returns the code
		m.Raises, m.Try = x.Raises, "its attribute stderr is what the container has written there"
	case m.Try == "" && !removed:
		m.Try = x.Try
	}
	s.forClient(m)
	return m
}

// unstarted says so if it was the container that could not be started: the daemon has exit codes
// for that too.
func (s *situation) unstarted(m *wire.Meaning, code int64) bool {
	if s.operation != "ContainerWait" || s.box == nil || s.box.runs || code < 125 || code > 128 {
		return false
	}
	switch {
	case s.box.unable:
		m.Means, m.Try = "The container could not be started: no process of it has run.", "look at the answer to ContainerStart"
	case !s.box.started.IsZero(): // it is not answered yet
		m.Means, m.Try = "The container could not be started, or its process has ended at once with this.", "the answer to ContainerStart tells which"
	default:
		return false
	}
	return true
}
