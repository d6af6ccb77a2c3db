package render

import "github.com/socktrace/socktrace/wire"

// maxCertified bounds of how many connections it is remembered who the client is.
const maxCertified = 4 << 10

// certified is what clients are called that have shown a certificate, by connection:
// that is who they are, whichever program they use.
type certified map[int]string

// note takes what the client of a handshake is called, if it has shown a certificate.
func (c *certified) note(ev *wire.TLS, colors *palette) {
	name := ev.ClientHolder()
	if name == "" || ev.Conn == nil {
		return
	}
	if *c == nil || len(*c) >= maxCertified {
		*c = make(certified)
	}
	(*c)[ev.Conn.ID] = clipped(name, colors)
}

// of returns what the client of a connection is called; empty if that is not known.
func (c certified) of(conn *wire.Conn) string {
	if conn == nil {
		return ""
	}
	return c[conn.ID]
}

// forget is for a connection that has ended.
func (c certified) forget(m *wire.Meta) { delete(c, connID(m)) }
