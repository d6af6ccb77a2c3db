package equivalent

import "github.com/socktrace/socktrace/wire"

// Of returns what is known of the daemon of a connection: o, which is of those that nothing
// carries, since others may be with another daemon; and TLS, if that is how it is spoken to.
func (o Options) Of(conn *wire.Conn, tls *wire.TLS) Options {
	if conn.Parent.Conn != nil {
		o = Options{Names: o.Names}
	}
	if tls != nil && !o.TLS {
		o.TLS, o.ServerName = true, tls.ServerName
	}
	return o
}
