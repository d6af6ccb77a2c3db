package strace

import "container/list"

// role is which end of a connection a socket is.
type role uint8

const (
	anyRole role = iota // not known
	client
	server
)

func (r role) other() role {
	switch r {
	case client:
		return server
	case server:
		return client
	}
	return anyRole
}

// socket is one end of a stream, of unix or TCP.
type socket struct {
	name    name
	refs    int // descriptors that refer to it
	role    role
	late    bool // it was open before it was seen
	gone    bool // it was forgotten: descriptors that still refer to it count for nothing
	process *process
	conn    *conn // nil: nothing was said
	recent  *list.Element
	first   *files // the table of a process that was there before, in which it was found
}

// is reports whether s may be what strace calls n.
func (s *socket) is(n *name) bool {
	switch {
	case n.inode != 0 && s.name.inode != 0:
		return n.inode == s.name.inode
	case n.local != "" && s.name.local != "":
		return n.local == s.name.local && (n.remote == s.name.remote || s.name.remote == "")
	}
	return n.tcp == s.name.tcp || s.name.inode == 0
}

// pairKey is the key of an end of a TCP connection.
func pairKey(local, remote string) string { return local + " " + remote }
