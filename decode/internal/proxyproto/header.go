// Package proxyproto reads the header that a proxy sends before the bytes of its
// client, to tell whose they are: the PROXY protocol of HAProxy, versions 1 and 2
// (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt).
package proxyproto

// Header is what the beginning of a connection says of it.
type Header struct {
	Size int // with all that belongs to it; 0: there is none, as far as has come
	// Client and Server are the ends of the connection that the proxy speaks for,
	// such as "tcp://192.0.2.1:4711"; both are empty if the header does not tell
	// them, as where the proxy speaks for itself.
	Client, Server string
	Fault          string // what is wrong with it, in words
}

// begins reports whether b begins with what, or is its beginning.
func begins(b []byte, what string) (whole, may bool) {
	n := min(len(b), len(what))
	same := string(b[:n]) == what[:n]
	return same && n == len(what), same && n < len(what)
}
