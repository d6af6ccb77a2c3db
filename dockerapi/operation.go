// Package dockerapi knows the Docker Engine API: which operation a request
// asks for, and what travels with it. It is tables first; it decodes nothing,
// does no I/O and imports, of this module, wire alone.
//
// Match reads the table as the daemon's own router does. Guess reads it loosely,
// for those who must rather see too much than too little.
package dockerapi

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
	Tag  string // the group it is documented in, such as "Container"

	RequestBody Shape
	Response    Shape // of a successful response

	// BodyIf is the parameter that a query must have for the daemon to read the
	// request's body, such as "fromSrc=-"; empty if none must.
	BodyIf string

	// RequestTTY and ResponseTTY are the members of the JSON documents that say
	// whether a process has a terminal, such as "Config.Tty"; empty if none does.
	RequestTTY, ResponseTTY string

	// Traits are what the shapes do not tell of what is secret.
	Traits Traits

	// API versions, such as "1.41"; empty if there is none or it is not known.
	Since, Deprecated, Removed string

	Undocumented bool // not in the published API description
}

// Shape says what a message body, or the stream in its place, consists of.
type Shape string

const (
	NoBody      Shape = ""
	JSON        Shape = "json"        // one document
	JSONStream  Shape = "ndjson"      // documents one after another, as they come
	Multiplexed Shape = "multiplexed" // stdout and stderr in frames; raw if the container has a terminal
	Tar         Shape = "tar"         // an archive, perhaps compressed
	Text        Shape = "text"        // plain text
	Hijack      Shape = "hijack"      // the connection becomes a stream both ways
	WebSocket   Shape = "websocket"   // the connection becomes a WebSocket
	H2C         Shape = "h2c"         // the connection becomes HTTP/2 without TLS
	Stream      Shape = "stream"      // frames of HTTP/2
	Raw         Shape = "raw"         // bytes of another protocol
)
