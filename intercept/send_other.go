//go:build !linux

package intercept

import (
	"io"
	"net"
)

// sender returns c: elsewhere there is no cheaper way to write.
func sender(c net.Conn) io.Writer { return c }
