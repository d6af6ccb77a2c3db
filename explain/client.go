package explain

import (
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// program is what a client is, as far as that makes a difference.
type program = dockerapi.Kind

const (
	anyProgram = dockerapi.OtherKind
	dockerCLI  = dockerapi.DockerCLI
	dockerPy   = dockerapi.DockerPy
	compose    = dockerapi.Compose
	buildx     = dockerapi.Buildx
)

// names are what programs are called in sentences.
var names = [...]string{anyProgram: "the client", dockerCLI: "the docker CLI", dockerPy: "docker-py", compose: "Compose", buildx: "buildx"}

// programOf returns what a client is, by what it calls itself in a request, and by its
// process.
func programOf(x *wire.Exchange) program {
	process := ""
	if p := processOf(x.Conn); p != nil {
		process = p.Name
	}
	return callsItself(x).KindAs(process)
}

// versionOf returns the number before the first dot of the version of a client, by what it calls
// itself; 0 if that is not known.
func versionOf(x *wire.Exchange) int { return callsItself(x).Major() }

// callsItself returns what a client calls itself in a request.
func callsItself(x *wire.Exchange) dockerapi.Program {
	return dockerapi.ProgramOf(wire.FieldValue(x.Request.Fields, "User-Agent"))
}

// processOf returns the process of a client; nil if it is not known.
func processOf(c *wire.Conn) *wire.Process {
	if c = c.Outermost(); c == nil {
		return nil
	}
	return c.Client.Process
}

// origin is where the connections of a client come from: a process, and the program that it
// is. Numbers of processes are used again, and one process may pass on what several programs ask.
type origin struct {
	pid     int
	name    string
	program program
}

// client is what is known of one client: of a process, or of connections that belong
// together by what they ask for.
type client struct {
	program program
	version int    // of the program: the number before its first dot; 0 if it is not known
	process string // name; empty if it is not known
	command string // what was typed, if that is known: "docker run". Not all recordings tell it: it is for the story alone
	at      origin // zero: its connections alone tell who it is
	later   bool   // the process had connections before, which have all ended
	asked   int    // requests that were not of connections inside of others
	calls   int    // of gRPC
	pings   int    // with HEAD
	conns   int    // all
	open    int    // connections now
	keeps   bool   // it asks more than once on a connection, or before the answer has ended

	first, last time.Time
	idle        idle

	operations []string // that say what it is for, each once
	before     string   // the operation of its last request
	failed     map[string]bool
	refused    bool   // the last ping had no good answer
	missing    bool   // the image of the last container to be created was not there
	pulled     bool   // and was pulled then
	image      string // that which was not there; empty if it is not known
	executed   string // the id of the last exec instance whose stream has ended
	without    string // the name of which there was no container when it was last inspected
}

// maxOperations bounds how many different operations of a client are noted. With as
// many it is no command.
const maxOperations = 64

// does notes an operation.
func (c *client) does(operation string) {
	if len(c.operations) >= maxOperations || c.did(operation) {
		return
	}
	c.operations = append(c.operations, operation)
}

// did reports whether it has asked for an operation.
func (c *client) did(operation string) bool {
	for _, o := range c.operations {
		if o == operation {
			return true
		}
	}
	return false
}

// idle measures how long nothing is open but what lasts until something happens.
type idle struct {
	busy, waiting int // exchanges that are open
	since         time.Time
	sum           time.Duration
}

// until counts the time until now.
func (i *idle) until(now time.Time) {
	if now.IsZero() {
		return
	}
	if i.busy == 0 && i.waiting > 0 && now.After(i.since) {
		i.sum += now.Sub(i.since)
	}
	if now.After(i.since) {
		i.since = now
	}
}

// add notes that exchanges begin, or end if n is negative.
func (i *idle) add(n int, waits bool) {
	if waits {
		i.waiting += n
	} else {
		i.busy += n
	}
}

// container is what is known of one that a client has made in this session.
type container struct {
	by               *client
	attached, waited bool
	followed         bool      // its log was read until it ended, as containers.run of docker-py does
	started          time.Time // when that was first asked for; zero: it was not
	runs, unable     bool      // the last start has had a good answer, or a bad one
}
