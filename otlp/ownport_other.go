//go:build !linux

package otlp

import "syscall"

// bindFirst does nothing where nothing is captured.
func (o *ownPorts) bindFirst(string, string, syscall.RawConn) error { return nil }
