package body

import (
	"unsafe"

	"github.com/socktrace/socktrace/wire"
)

const (
	// ExchangeRoom is about what an exchange needs beside its heads, in bytes, of
	// the decoder and of those who look at its events.
	ExchangeRoom = 2 << 10
	// FieldRoom is what a field needs beside its text.
	FieldRoom = int(unsafe.Sizeof(wire.Field{}))
)
