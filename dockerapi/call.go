package dockerapi

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Call is what one request asks a Docker daemon for. The zero value asks for
// nothing. Its methods may be called on any.
type Call struct {
	Op      *Operation // of the table, which nobody changes; nil for none
	Version string     // of the API, as the path names it: "1.41"; empty if it does not
	// Subject is what the operation is about: what stands in the path for its
	// first parameter, percent-decoded. It is the id or the name of a container,
	// an exec instance, an image; empty if the path has no parameter.
	Subject string

	file   string // that a build reads its steps from, as its query has it
	unread bool   // the daemon does not read the request's body
	waits  bool   // see Waiting
}

// newCall returns the call of op with this query.
func newCall(op *Operation, version, subject, query string) Call {
	c := Call{Op: op, Version: version, Subject: subject, waits: op.waits(query)}
	c.unread = op.BodyIf != "" && !asks(query, op.BodyIf)
	if op.Carries == buildContext {
		c.file, _ = Parameter(query, "dockerfile")
	}
	return c
}

// Name returns the name of the operation; empty for none.
func (c Call) Name() string {
	if c.Op == nil {
		return ""
	}
	return c.Op.Name
}

// Waits says whether the answer lasts until something happens, or until the client
// leaves: see wire.Call.
func (c Call) Waits() bool { return c.waits }

// Told returns c as a request tells it to those who read one.
func (c Call) Told() wire.Call {
	return wire.Call{Operation: c.Name(), Version: c.Version, Subject: c.Subject, Waits: c.waits}
}

// RequestBody returns what the request's body consists of.
func (c Call) RequestBody() Shape {
	if c.Op == nil || c.unread {
		return NoBody
	}
	return c.Op.RequestBody
}

// Response returns what the body of a successful response, or the stream in its
// place, consists of.
func (c Call) Response() Shape {
	if c.Op == nil {
		return NoBody
	}
	return c.Op.Response
}

// Hijacks reports whether a successful response turns the connection into a
// stream, be it with status 101 or, if the request proposed no upgrade, with
// 200 and no framing.
func (c Call) Hijacks() bool { return c.Response() == Hijack }

// Logs reports whether the response is the output of containers.
func (c Call) Logs() bool { return c.Response() == Multiplexed }

// Creates reports whether the request's document says if what it creates or
// starts has a terminal.
func (c Call) Creates() bool { return c.Op != nil && c.Op.RequestTTY }

// Inspects reports whether the response's document says if its subject has a
// terminal.
func (c Call) Inspects() bool { return c.Op != nil && c.Op.ResponseTTY }

// Typed reports whether the content type of a stream can be trusted: since API
// 1.42, raw-stream means a terminal; before, it was sent for both. Versions that
// do not begin with 1 are Podman's, and say nothing of it.
func (c Call) Typed() bool {
	major, minor, _ := strings.Cut(c.Version, ".")
	minor, _, _ = strings.Cut(minor, ".")
	return major == "1" && (len(minor) > 2 || len(minor) == 2 && minor >= "42")
}
