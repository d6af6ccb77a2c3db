package intercept

import "net"

// AwaitHangup waits until the peer behind c, whose input has ended, has closed the
// connection altogether, or has reset it: true. It is false if c was closed at this end before
// that, and at once where a half-close cannot be told from a close: elsewhere than on Linux.
// Nobody may read from c meanwhile; writing is fine.
func AwaitHangup(c net.Conn) bool {
	gone, _ := awaitHangup(c)
	return gone
}
