//go:build !linux

package intercept

import "net"

// awaitHangup returns false: a half-close cannot be told from a close here, and
// a dead peer is noticed by the next write to it.
func awaitHangup(net.Conn) (gone bool, err error) { return false, nil }

// isHungUp returns false, as awaitHangup does.
func isHungUp(net.Conn) bool { return false }

// awaitSent does nothing: what was sent is not known here.
func awaitSent(*net.TCPConn) {}
