package render

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// peerName returns what a peer is called in a heading: by its process, with its
// number where several may have the same name, else by its address.
func peerName(p wire.Peer, number bool) string {
	switch {
	case p.Process == nil || p.Process.Name == "":
		return p.String()
	case number:
		return p.Process.String()
	}
	return p.Process.Name
}

// roleName returns what the peer p of c is called: its name, or what it is in the
// connection around c: as, or in a reversed one back.
func roleName(c *wire.Conn, p wire.Peer, as, back string) string {
	switch {
	case p.Process != nil && p.Process.Name != "":
		return peerName(p, true)
	case c.Reversed:
		return back
	}
	return as
}

// inside names what carries c: an exchange, or a connection as a whole.
func inside(c *wire.Conn) string {
	id := strconv.Itoa(c.Parent.Conn.ID)
	if c.Parent.Exchange == 0 {
		return id
	}
	return id + "." + strconv.Itoa(c.Parent.Exchange)
}

// shortType returns the last part of the full name of a type.
func shortType(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
