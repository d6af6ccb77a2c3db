//go:build !linux

package intercept

import "github.com/socktrace/socktrace/wire"

// pipes is for systems that splice.
type pipes struct{}

func (*pipes) within(*room) {}

// passUnseen does nothing here: all is copied.
func (*link) passUnseen(wire.Dir, *buffer) (goesOn bool, err error) { return true, nil }
