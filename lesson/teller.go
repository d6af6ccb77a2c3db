package lesson

import "crypto/sha256"

// teller makes a page of an account.
type teller struct {
	*account
	o         Options
	clients   *clients
	groups    []*group
	explained map[string]bool           // operations of which all was said
	shown     map[[sha256.Size]byte]int // steps whose messages were shown, by what they are
}
