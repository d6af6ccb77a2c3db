package decode

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// call is what a request means to the Docker Engine API, as far as decoding
// depends on it.
type call struct {
	op      op
	id      string // of the container or exec instance, as the request names it
	version string // of the API, "1.41"; empty if the path has none
	tty     *bool  // whether the container has a terminal, as far as this exchange tells
}

// op is an operation whose bodies or connection need special care.
type op uint8

const (
	opOther op = iota
	opAttach
	opExecStart
	opExecCreate
	opExecInspect
	opCreate
	opInspect
	opLogs
	opTarUp   // the request body is an archive
	opTarDown // the response body is an archive
)

// ops finds operations by method and path, without the version: "*" stands for
// one or more segments, since names of images have slashes in them.
var ops = []struct {
	method, prefix, suffix string
	op                     op
}{
	{"POST", "/containers/", "/attach", opAttach},
	{"POST", "/exec/", "/start", opExecStart},
	{"POST", "/containers/", "/exec", opExecCreate},
	{"GET", "/exec/", "/json", opExecInspect},
	{"POST", "/containers/create", "", opCreate},
	{"GET", "/containers/", "/json", opInspect},
	{"GET", "/containers/", "/logs", opLogs},
	{"GET", "/services/", "/logs", opLogs},
	{"GET", "/tasks/", "/logs", opLogs},
	{"PUT", "/containers/", "/archive", opTarUp},
	{"POST", "/images/load", "", opTarUp},
	{"POST", "/images/create", "", opTarUp},
	{"POST", "/build", "", opTarUp},
	{"POST", "/plugins/create", "", opTarUp},
	{"GET", "/containers/", "/archive", opTarDown},
	{"GET", "/containers/", "/export", opTarDown},
	{"GET", "/images/", "/get", opTarDown},
}

// dockerCall recognises a request of the Docker Engine API. A server may serve
// it below a base path.
func dockerCall(method, target string) call {
	path, _, _ := strings.Cut(target, "?")
	var c call
	for i := range ops {
		o := &ops[i]
		if o.method != method || !strings.HasSuffix(path, o.suffix) {
			continue
		}
		at := strings.Index(path, o.prefix)
		if at < 0 {
			continue
		}
		id := path[at+len(o.prefix):]
		if o.suffix == "" && id != "" || len(id) <= len(o.suffix) && o.suffix != "" {
			continue
		}
		c.op = o.op
		c.id = strings.TrimSuffix(id, o.suffix)
		if i := strings.LastIndex(path[:at], "/v"); i >= 0 {
			c.version = path[i+2 : at]
		}
		break
	}
	return c
}

// hijacks reports whether a 200 response without framing turns the connection
// into a stream, although the request did not propose an upgrade. Not in the
// RFC: the Docker Engine does so.
func (c call) hijacks() bool { return c.op == opAttach || c.op == opExecStart }

func (c call) logs() bool { return c.op == opLogs }

// tar reports whether the body in direction dir is an archive, whatever its
// type says.
func (c call) tar(dir wire.Dir) bool {
	return dir == wire.ToServer && c.op == opTarUp || dir == wire.ToClient && c.op == opTarDown
}

// typed reports whether the content type of a stream can be trusted: since API
// 1.42, raw-stream means a terminal; before, it was sent for both.
func (c call) typed() bool {
	major, minor, ok := strings.Cut(c.version, ".")
	return ok && major == "1" && (len(minor) > 2 || len(minor) == 2 && minor >= "42")
}

const (
	typeRaw         = "application/vnd.docker.raw-stream"
	typeMultiplexed = "application/vnd.docker.multiplexed-stream"
)

// chooseStream decides whether the output of a container, in h's message, comes
// in frames or raw from a terminal, and says how it is known.
func (d *Conn) chooseStream(h *half, m *message, typ string) {
	ex := h.ex
	var c func() content
	kind, reason := wire.ContentNone, ""
	tty, known := d.o.Docker.tty(ex.call)
	switch {
	case typ == typeMultiplexed:
		kind, reason = wire.ContentMultiplexed, "content-type"
	case typ == typeRaw && ex.call.typed():
		kind, reason = wire.ContentTerminal, "content-type"
	case known && tty:
		kind, reason = wire.ContentTerminal, "tty"
	case known:
		kind, reason = wire.ContentMultiplexed, "tty"
	}
	switch kind {
	case wire.ContentMultiplexed:
		c = newMultiplexed
	case wire.ContentTerminal:
		c = newTerminal
	default:
		c = newStreamSniffer
	}
	ex.streamIs(m, kind, reason)
	m.content = d.wanted(c)
}

// decideStream tells frames from a terminal's output by the header of the first
// frame.
func decideStream(d *Conn, h *half, b []byte, end bool) content {
	ex := h.ex
	m := &ex.side[h.dir]
	switch {
	case len(b) == 0:
		return nothing{}
	case !isFrame(b):
		ex.streamIs(m, wire.ContentTerminal, "sniffed")
		return newTerminal()
	case len(b) >= frameHeader:
		ex.streamIs(m, wire.ContentMultiplexed, "sniffed")
		return newMultiplexed()
	case end:
		ex.streamIs(m, wire.ContentTerminal, "sniffed")
		return newTerminal()
	}
	return nil
}

func isFrame(b []byte) bool {
	_, ok := frameKind(b)
	return ok
}

// streamIs notes what a stream was found to be: in its body, or in a new
// Upgrade for the Exchange event, since the one that was sent is not ours any
// more.
func (ex *exchange) streamIs(m *message, c wire.Content, reason string) {
	if m.body != nil {
		m.body.Content = c
		return
	}
	if ex.Upgrade != nil {
		u := *ex.Upgrade
		u.Content, u.Reason = c, reason
		ex.Upgrade = &u
	}
}

// What Docker remembers is bounded: so many containers, by names of so many
// bytes. Ids have 64.
const (
	maxKnown = 4096
	maxID    = 256
)

// Docker is what decoders have learned from the traffic and need on other
// connections: which containers have a terminal. Its methods may be called
// concurrently.
type Docker struct {
	mu    sync.Mutex
	known map[string]bool // by id or name of a container or exec instance
	order []string        // oldest first
}

// NewDocker returns an empty memory.
func NewDocker() *Docker { return &Docker{known: make(map[string]bool)} }

// tty returns whether the subject of c has a terminal, if that is known.
func (k *Docker) tty(c call) (tty, known bool) {
	if c.tty != nil {
		return *c.tty, true
	}
	if k == nil {
		return false, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	tty, known = k.known[c.id]
	return tty, known
}

// learn remembers that id has a terminal, or that it has none.
func (k *Docker) learn(id string, tty bool) {
	if k == nil || id == "" || len(id) > maxID {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.known[id]; !ok {
		k.order = append(k.order, id)
		if len(k.order) > maxKnown {
			delete(k.known, k.order[0])
			k.order = append(k.order[:0], k.order[1:]...)
		}
	}
	k.known[id] = tty
}

// learn looks at one JSON document of ex for what it says of a terminal.
func (d *Conn) learn(ex *exchange, dir wire.Dir, doc []byte) {
	switch c := &ex.call; {
	case c.op == opInspect && dir == wire.ToClient:
		var v inspectResponse
		if json.Unmarshal(doc, &v) == nil && v.Config.Tty != nil {
			d.o.Docker.learn(v.ID, *v.Config.Tty)
			d.o.Docker.learn(strings.TrimPrefix(v.Name, "/"), *v.Config.Tty)
		}
	case !c.creates():
	case dir == wire.ToServer:
		var v createRequest
		if json.Unmarshal(doc, &v) == nil {
			c.tty = v.Tty
		}
	case c.tty != nil:
		var v createResponse
		if json.Unmarshal(doc, &v) == nil {
			d.o.Docker.learn(v.ID, *c.tty)
		}
	}
}

// What the documents of the Docker Engine API say of terminals.
type (
	createRequest  struct{ Tty *bool }
	createResponse struct {
		ID string `json:"Id"`
	}
	inspectResponse struct {
		ID     string `json:"Id"`
		Name   string
		Config struct{ Tty *bool }
	}
)

// creates reports whether the request says that something has a terminal.
func (c call) creates() bool {
	return c.op == opCreate || c.op == opExecCreate || c.op == opExecStart
}
