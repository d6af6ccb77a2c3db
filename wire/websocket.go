package wire

// The opcodes of WebSocket messages and frames (RFC 6455, section 5.2).
const (
	OpContinuation = 0
	OpText         = 1
	OpBinary       = 2
	OpClose        = 8 // the first of those of control frames
	OpPing         = 9
	OpPong         = 10
)
