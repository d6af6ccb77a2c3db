package policy

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// nameOf returns the name of who asked: of its program, or as far as that is not known what it
// calls itself, or where it is.
func nameOf(x *wire.Exchange) string {
	c := x.Conn.Outermost()
	if c != nil && c.Client.Process != nil && c.Client.Process.Name != "" {
		return clippedName(c.Client.Process.Name)
	}
	if agent := wire.FieldValue(x.Request.Fields, "User-Agent"); agent != "" {
		if p := dockerapi.ProgramOf(agent); p.Name != "" {
			return clippedName(p.Name)
		}
	}
	if c != nil && c.Client.Addr != "" {
		addr := c.Client.Addr
		if i := strings.LastIndexByte(addr, ':'); i > len("tcp:") && strings.HasPrefix(addr, "tcp://") {
			addr = addr[:i] // the port differs from connection to connection
		}
		return clippedName(addr)
	}
	return "unknown"
}

// clippedName bounds a name, in bytes.
func clippedName(s string) string { return s[:min(len(s), 100)] }
