package lanes

import "github.com/socktrace/socktrace/wire"

// Numbers returns what gives connections their numbers, for who reads the capture and for
// decoders: they get them when they are told to begin, in that order. Until then, and for all
// but who is told, a number says nothing.
func (l *Lanes) Numbers() wire.Numbering { return numbers{l} }

// numbers puts off what it is asked for: it is done when the connection is told.
type numbers struct{ all *Lanes }

// Next has the connection get the next number.
func (n numbers) Next() int { return 0 }

// Claim has it claim id.
func (n numbers) Claim(id int) int { return -max(id, 0) }

// Last waits until all connections so far have their numbers. It is for who reads the
// capture.
func (n numbers) Last() int {
	n.all.Wait()
	return n.all.o.Numbers.Last()
}

// number gives c its number.
func (l *Lanes) number(c *wire.Conn) {
	if c.ID < 0 {
		c.ID = l.o.Numbers.Claim(-c.ID)
	} else {
		c.ID = l.o.Numbers.Next()
	}
}
