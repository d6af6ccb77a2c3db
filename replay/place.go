package replay

import "github.com/socktrace/socktrace/diff"

// Place names an exchange of a session.
type Place struct {
	Conn     int // its number
	Exchange int // which one of the connection it is, from 1
}

// PlaceOf returns where an exchange is.
func PlaceOf(x *diff.Exchange) Place { return Place{x.Conn.ID, x.Exchange.Exchange} }
