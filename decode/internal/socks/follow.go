package socks

import (
	"bytes"
	"fmt"
)

// The ways to authenticate that are understood, and that none will do (RFC 1928,
// section 3).
const (
	withoutAny   = 0
	withPassword = 2
	noneWillDo   = 0xff
)

// five follows SOCKS 5.
func (p *parser) five() {
	offer := p.take(Client, greeting)
	if offer == nil {
		return
	}
	offered := bytes.IndexByte(offer[2:], withPassword) >= 0
	p.Secret = offered && len(p.rest[Client]) > 0 && p.rest[Client][0] == 1
	choice := p.take(Proxy, selection)
	if choice == nil {
		p.Secret = p.Secret || offered && p.State == No // it may be under way
		return
	}
	switch method := choice[1]; {
	case method == noneWillDo:
		p.Secret = offered // likewise
		p.refuse("no acceptable way to authenticate")
		return
	case method == withPassword && offered:
		p.Secret = true
		if !p.authenticate() {
			return
		}
	case method != withoutAny:
		p.State, p.Secret = No, offered
		return
	}
	p.connect()
}

// authenticate follows how the client tells its name and password, and reports
// whether the proxy goes on.
func (p *parser) authenticate() bool {
	if p.take(Client, password) == nil {
		return false
	}
	said := p.take(Proxy, verdict)
	if said == nil {
		return false
	}
	if said[1] != 0 {
		p.refuse("the name or the password is wrong")
	}
	return said[1] == 0
}

// connect follows the request to connect.
func (p *parser) connect() {
	asked := p.take(Client, connect)
	if asked == nil {
		return
	}
	p.Target = address(asked)
	switch said := p.take(Proxy, reply); {
	case said == nil:
	case said[1] == granted:
		p.State = Carries
	case int(said[1]) < len(reasons):
		p.refuse(reasons[said[1]])
	default:
		p.refuse(fmt.Sprintf("reply %d", said[1]))
	}
}

// reasons are those of replies (RFC 1928, section 6).
var reasons = [...]string{
	1: "general failure", 2: "not allowed", 3: "network unreachable", 4: "host unreachable",
	5: "connection refused", 6: "time to live expired", 7: "command not supported", 8: "address type not supported",
}

// four follows SOCKS 4.
func (p *parser) four() {
	asked := p.take(Client, connect4)
	if asked == nil {
		return
	}
	p.Target = address4(asked)
	switch said := p.take(Proxy, reply4); {
	case said == nil:
	case said[1] == granted4:
		p.State = Carries
	default:
		p.refuse(fmt.Sprintf("reply %d", said[1]))
	}
}

func (p *parser) refuse(why string) { p.State, p.Reason = Refused, why }
