// Package socks follows what a client and its proxy say before the proxy connects
// it: SOCKS 4 and 4a, and SOCKS 5 (RFC 1928) without authentication or with a
// name and a password (RFC 1929).
package socks

// Parse reads what a connection begins with, by who said it. What is told of a
// beginning is true of all that begins with it, unless State is Waits.
func Parse(client, proxy []byte) Talk {
	p := parser{rest: [2][]byte{client, proxy}, size: [2]int{len(client), len(proxy)}}
	switch {
	case len(client) == 0:
		p.State = No
	case client[0] == 5:
		p.Version = "socks5"
		p.five()
	case client[0] == 4:
		p.Version = "socks4"
		p.four()
	}
	for side := range p.Sizes {
		p.Sizes[side] = p.size[side] - len(p.rest[side])
	}
	return p.Talk
}
