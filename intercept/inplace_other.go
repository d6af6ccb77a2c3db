//go:build !linux

package intercept

import (
	"errors"
	"net"
)

// errOnlyLinux says why: elsewhere two files cannot be exchanged in one step, and
// for a moment a client would find no socket.
var errOnlyLinux = errors.New("this works on Linux only")

// InPlace is a socket in the place of a daemon's: on Linux only.
type InPlace struct{ net.Listener }

// OpenInPlace fails.
func OpenInPlace(path string, _ InPlaceOptions) (*InPlace, error) {
	return nil, CheckInPlace(path)
}

// CheckInPlace fails.
func CheckInPlace(path string) error { return wrapInPlace(path, errOnlyLinux) }

// Restore fails.
func Restore(path string) (did string, err error) { return "", wrapInPlace(path, errOnlyLinux) }

// Local returns no address.
func (*InPlace) Local() Addr { return Addr{} }

// Aside returns no path.
func (*InPlace) Aside() string { return "" }

// Upstream returns none.
func (*InPlace) Upstream() Upstream { return Upstream{} }
