package wire

// Subject is what an exchange is about, in the words of the daemon: what its path
// names, and what else is known of that by then. Fields that are not known are
// empty; so are all of them, if it is about nothing in particular.
type Subject struct {
	Type string // "container", "exec", "image", "network", "volume" and other kinds of objects
	ID   string // in full, if that was seen; else as the request has it
	Name string // as people know it: "web", "busybox:latest"
	// Container is the name of the container that an exec instance belongs to, its
	// id if that has no known name; empty for other types.
	Container string
}

// Detail is a property by which people tell one exchange from another that asks for
// the same, such as the image of a container that is created.
type Detail struct{ Name, Value string }

// Outcome is what became of an exchange, in the words of the daemon. It is as good
// as what was kept of the messages that tell it.
type Outcome struct {
	// Error is the message of a response that says that something failed, be it an
	// error status or a stream that ends with one; empty if there is none.
	Error string
	// Exit is the exit status that the response tells of a process; nil if it tells
	// none.
	Exit *int64
	// Left says that the client closed the connection while the response, or what
	// followed an upgrade, was still coming, as one that is interrupted in a stream
	// does. State is StateAborted then, or StateDone of an upgrade, and of what the
	// daemon ended in order when it saw that.
	Left bool
}

// About is what the fields of an Exchange with the same names are.
type About struct {
	Subject Subject
	Details []Detail
	Outcome Outcome
}
