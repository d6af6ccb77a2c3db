package socks

// Side is who has to say more.
type Side uint8

const (
	Client Side = iota
	Proxy
)

// State says how far the two have come.
type State uint8

const (
	No      State = iota // it is not SOCKS, or not understood
	Waits                // more will tell
	Carries              // the client is connected: what follows is of another connection
	Refused              // it is not
)

// Talk is what was said.
type Talk struct {
	State   State
	Next    Side   // who has to say more
	Sizes   [2]int // of what each side has said, if that is over
	Version string // such as "socks5"
	Target  string // whom the client wants to speak to, as "example.org:80"
	Reason  string // why it is refused, in words
	// Secret says that the client has sent a password, or may be about to.
	Secret bool
}

// parser takes what was said from both sides, one message after the other.
type parser struct {
	Talk
	rest [2][]byte
	size [2]int
}

// take takes a message of a side, whose size sizeOf tells; nil if it has not come,
// or is none.
func (p *parser) take(s Side, sizeOf func([]byte) int) []byte {
	b := p.rest[s]
	switch n := sizeOf(b); {
	case n == wrong:
		p.State = No
	case n > len(b):
		p.State, p.Next = Waits, s
	default:
		p.rest[s] = b[n:]
		return b[:n]
	}
	return nil
}
