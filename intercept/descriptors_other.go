//go:build !linux

package intercept

import (
	"io"
	"net"
)

// watchDescriptors does not: nothing tells of descriptors here.
func watchDescriptors(c net.Conn, _ func()) io.Reader { return c }
