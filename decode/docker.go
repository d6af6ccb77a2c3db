package decode

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// call is what a request means to the Docker Engine API, as far as decoding
// depends on it.
type call struct {
	op      op
	id      string // of the container or exec instance, as the request names it
	version string // of the API, "1.41"; empty if the path has none
	tty     tty    // whether the container has a terminal, as far as this exchange tells
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

// route is the method and path of an operation, without the version: what is
// between prefix and suffix is one or more segments, since names of images have
// slashes in them.
type route struct {
	method, prefix, suffix string
	op                     op
}

// routes finds operations by the last segment of their paths.
var routes = map[string][]route{
	"attach":  {{"POST", "/containers/", "/attach", opAttach}},
	"start":   {{"POST", "/exec/", "/start", opExecStart}},
	"exec":    {{"POST", "/containers/", "/exec", opExecCreate}},
	"json":    {{"GET", "/exec/", "/json", opExecInspect}, {"GET", "/containers/", "/json", opInspect}},
	"logs":    {{"GET", "/containers/", "/logs", opLogs}, {"GET", "/services/", "/logs", opLogs}, {"GET", "/tasks/", "/logs", opLogs}},
	"archive": {{"PUT", "/containers/", "/archive", opTarUp}, {"GET", "/containers/", "/archive", opTarDown}},
	"export":  {{"GET", "/containers/", "/export", opTarDown}},
	"get":     {{"GET", "/images/", "/get", opTarDown}},
	"load":    {{"POST", "/images/load", "", opTarUp}},
	"build":   {{"POST", "/build", "", opTarUp}},
	"create":  {{"POST", "/containers/create", "", opCreate}, {"POST", "/images/create", "", opTarUp}, {"POST", "/plugins/create", "", opTarUp}},
}

// dockerCall recognises a request of the Docker Engine API. A server may serve
// it below a base path.
func dockerCall(method, target string) call {
	path, _, _ := strings.Cut(target, "?")
	var c call
	for _, r := range routes[path[strings.LastIndexByte(path, '/')+1:]] {
		at := strings.Index(path, r.prefix)
		if r.method != method || at < 0 {
			continue
		}
		id := path[at+len(r.prefix):]
		if r.suffix == "" && id != "" || len(id) <= len(r.suffix) && r.suffix != "" {
			continue
		}
		c.op = r.op
		c.id = strings.TrimSuffix(id, r.suffix)
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
	var c func(*half) content
	kind, reason := wire.KindNone, ""
	tty := d.o.Docker.tty(ex.call)
	switch {
	case typ == typeMultiplexed:
		kind, reason = wire.KindMultiplexed, "content-type"
	case typ == typeRaw && ex.call.typed():
		kind, reason = wire.KindTerminal, "content-type"
	case tty == ttyOne:
		kind, reason = wire.KindTerminal, "tty"
	case tty == ttyNone:
		kind, reason = wire.KindMultiplexed, "tty"
	}
	switch kind {
	case wire.KindMultiplexed:
		c = newMultiplexed
	case wire.KindTerminal:
		c = newTerminal
	default:
		c = newStreamSniffer
	}
	ex.streamIs(m, kind, reason)
	m.content = d.wanted(h, c)
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
		ex.streamIs(m, wire.KindTerminal, "sniffed")
		return newTerminal(h)
	case len(b) >= frameHeader:
		ex.streamIs(m, wire.KindMultiplexed, "sniffed")
		return newMultiplexed(h)
	case end:
		ex.streamIs(m, wire.KindTerminal, "sniffed")
		return newTerminal(h)
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
func (ex *exchange) streamIs(m *message, c wire.Kind, reason string) {
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

// creates reports whether the request says that something has a terminal.
func (c call) creates() bool {
	return c.op == opCreate || c.op == opExecCreate || c.op == opExecStart
}
