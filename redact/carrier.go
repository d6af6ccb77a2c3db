package redact

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// carrier is what is known of the exchange that a connection travels in; zero if
// it travels by itself. It says more of what is in the connection than that tells
// itself.
type carrier dockerapi.Traits

// unknown is a carrier of which nothing is known, or no more: it may hide
// everything.
const unknown = carrier(dockerapi.Sealed)

// newCarrier returns the carrier that an exchange with these traits is.
func newCarrier(t dockerapi.Traits) carrier {
	return carrier(t & (dockerapi.Login | dockerapi.Data | dockerapi.Sealed | dockerapi.Input))
}

// hides says whether nothing but heads is to be seen of what travels in direction
// dir: if the carrier carries what cannot be looked into, or what somebody types.
func (c carrier) hides(dir wire.Dir) bool {
	t := dockerapi.Traits(c)
	return t&dockerapi.Sealed != 0 || t&dockerapi.Input != 0 && dir == wire.ToServer
}

// traits are those that every exchange of the connection has.
func (c carrier) traits() dockerapi.Traits { return dockerapi.Traits(c) }
