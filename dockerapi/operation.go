// Package dockerapi knows the Docker Engine API: which operation a request
// asks for, and what travels with it. It is tables first; it decodes nothing,
// does no I/O, and reads nothing of bodies but which values say nothing.
//
// Match reads the table as the daemon's own router does. Guess reads it loosely,
// for those who must rather see too much than too little.
package dockerapi

import "strings"

// Operation is one operation of the Docker Engine API.
type Operation struct {
	Method string
	// Path has parameters in braces, as in "/containers/{id}/json", and no
	// version before it.
	Path string
	// Name is the operation's identifier in the published API description,
	// such as "ContainerList". Operations that it does not describe have names
	// of the same manner that are our own, such as "CheckpointList".
	Name string

	RequestBody Shape
	Response    Shape // of a successful response

	// BodyIf is the parameter that a query must have for the daemon to read the
	// request's body, such as "fromSrc=-"; empty if none must.
	BodyIf string

	// Carries is what an archive in the request or the response is; empty if that
	// may be anything.
	Carries string

	// RequestTTY and ResponseTTY say whether the JSON document of that side tells
	// if a process has a terminal.
	RequestTTY, ResponseTTY bool

	// Tells says which documents tell people something of an exchange.
	Tells Tells

	Waiting Waiting // does it last until something happens?

	// Traits are what the shapes do not tell of what is secret.
	Traits Traits
}

// Shape says what a message body, or the stream in its place, consists of.
type Shape uint8

const (
	NoBody      Shape = iota
	JSON              // one document
	JSONStream        // documents one after another, as they come
	Multiplexed       // stdout and stderr in frames; raw if the container has a terminal
	Tar               // an archive, perhaps compressed
	Text              // plain text
	Hijack            // the connection becomes a stream both ways
	WebSocket         // the connection becomes a WebSocket
	H2C               // the connection becomes HTTP/2 without TLS
	Stream            // frames of HTTP/2
	Raw               // bytes of another protocol
)

// Tells says which documents of an operation tell what things are called, how a
// process ended, why something failed, or which fields were used whose versions are known. That a
// response with an error status tells why is so for all operations.
type Tells uint8

const (
	InRequest  Tells = 1 << iota // the request's document
	InResponse                   // the response's documents
)

// Waiting says whether a call lasts until something happens that is not the
// daemon's doing, such as the end of a container, or until its client leaves. How
// long it took then says nothing of how quick the daemon is.
type Waiting uint8

const (
	Prompt  Waiting = iota // it does not, unless the connection becomes a stream
	Waits                  // it does
	Follows                // if it is asked to: follow=1
	Streams                // unless it is asked not to: stream=0
)

// What archives are, if that is known.
const (
	buildContext = "build context"
	savedImage   = "image"
)

// Kin returns the name of the operation of Docker's that o does the same as: of one of
// Podman's, that without what it has behind it; of others, their own. It is empty for
// none.
func (o *Operation) Kin() string {
	if o == nil {
		return ""
	}
	return strings.TrimSuffix(o.Name, "Libpod")
}

// Lists reports whether the response's document is a list of what o asks for.
func (o *Operation) Lists() bool { return strings.HasSuffix(o.Kin(), "List") }
