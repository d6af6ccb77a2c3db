package protobuf

// Limits bound what is shown of a message; 0 is what is enough for all that is not
// hostile.
type Limits struct {
	Depth  int // of messages inside of others
	Fields int // of a message and those that it is inside of
	Size   int // of the JSON, in bytes
	// Files says that text in a piece of a file is shown, however long it is.
	Files bool
	// Missing is how many bytes of the message are not here. If nobody would see them,
	// since they belong to bytes of which only the beginning is shown, nothing is
	// missing.
	Missing int64
}

const (
	defaultDepth  = 64
	defaultFields = 1 << 16
	defaultSize   = 4 << 20
)

// Fault says why something of a message is not shown.
type Fault string

const (
	Truncated Fault = "truncated" // the message ends within a field
	Malformed Fault = "malformed" // it is none
	TooDeep   Fault = "too deep"
	TooMany   Fault = "too many fields"
	TooLong   Fault = "too long"
)

// Info says how much of a message was understood.
type Info struct {
	Unknown int   // fields of the message itself that its type does not name
	Fault   Fault // the first one in it; empty if there is none
	Elided  bool  // Limits.Missing bytes of it are not missed
}
