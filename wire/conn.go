package wire

import (
	"strconv"
	"time"
)

// Dir is the direction in which bytes travel.
type Dir uint8

const (
	ToServer Dir = iota // from the client to the daemon
	ToClient            // from the daemon to the client
)

// Other returns the opposite direction.
func (d Dir) Other() Dir { return d ^ 1 }

// String returns "to_server" or "to_client", as JSON lines spell it.
func (d Dir) String() string {
	if d == ToServer {
		return "to_server"
	}
	return "to_client"
}

// Conn is one connection between a client and a daemon. It does not change
// after its Open event.
type Conn struct {
	ID     int       // counts from 1, in the order of acceptance
	Start  time.Time // when the client connected
	Client Peer
	Server Peer
	// Parent is the exchange that a nested connection travels in, and Via how:
	// the protocol that was agreed on, such as "connect" or "h2c". Its client is
	// the end that speaks first as one.
	Parent Parent
	Via    string
	// Reversed says that its client is the server of the connection that carries it.
	Reversed bool
	// Recalled says that its events are those of a recording, which tells with the end
	// of each exchange what that is about.
	Recalled bool
}

// Outermost returns the connection that carries c, by whatever is between; c if none does.
func (c *Conn) Outermost() *Conn {
	for c != nil && c.Parent.Conn != nil {
		c = c.Parent.Conn
	}
	return c
}

// Parent is an exchange that carries another connection. The zero value is that
// of connections which travel by themselves.
type Parent struct {
	Conn     *Conn
	Exchange int
}

// Peer is one end of a connection.
type Peer struct {
	Addr    string   // "unix:///run/docker.sock", "tcp://127.0.0.1:2375"; empty if it has none
	Process *Process // nil if the system does not tell
}

// String returns the address, and the process if it is known, as
// "docker[4711]"; a client on a unix socket has no address.
func (p Peer) String() string {
	switch {
	case p.Process == nil && p.Addr == "":
		return "?"
	case p.Process == nil:
		return p.Addr
	case p.Addr == "":
		return p.Process.String()
	}
	return p.Addr + " (" + p.Process.String() + ")"
}

// Process is the program at the other end of a local socket, as the kernel
// and the process table knew it when the connection was made.
type Process struct {
	PID  int
	UID  int    // -1 if not known
	Name string // short program name, such as "docker"; empty if not known
	// More is what else the process table tells; nil unless somebody has asked for it.
	More *ProcessFacts
}

// ProcessFacts are what the process table tells of a process besides.
type ProcessFacts struct {
	User    string // the name of its user; empty if not known, as inside a container
	Exe     string // the path of its program; empty if it may not be read
	Runtime string // what runs the container that it is in: "docker", "podman"; empty if it is in none
	// Container is the id of that container, or the pod's if only that is known.
	Container string
	Parents   []Process // its parent, the parent of that, and so on
}

// String returns the process as "docker[4711]".
func (p *Process) String() string {
	return p.Name + "[" + strconv.Itoa(p.PID) + "]"
}

// Chunk is what one read of one direction saw.
type Chunk struct {
	Conn *Conn
	Time time.Time // when the read returned
	Dir  Dir
	Data []byte // valid only during the call it is passed to
	Lost int    // >0: this many bytes before Data were not captured; <0: an unknown number
	EOF  bool   // the direction has ended after Data
	// Passed is how many bytes went by that a Passer need not see, no more than it says;
	// there is no Data then. It is 0 for all other taps.
	Passed int
}
