package websocket

import (
	"crypto/rand"
	"encoding/binary"
	"math"
)

// Bits of the header of a frame (RFC 6455, section 5.2).
const (
	bitLast   = 0x80 // of its message
	bitMasked = 0x80
	length16  = 126 // the length follows in 2 bytes
	length64  = 127 // or in 8
)

// Append appends a frame without a mask, as servers send them. last says that its message ends
// with it. A control frame is no longer than MaxControl.
func Append(b []byte, opcode byte, last bool, data []byte) []byte {
	return append(appendHead(b, opcode, last, 0, len(data)), data...)
}

// NewMask returns what a client puts over a frame: something else for each (RFC 6455, section 5.3).
func NewMask() (key [4]byte) {
	_, _ = rand.Read(key[:]) // which does not fail
	return key
}

// AppendMasked appends a frame with a mask, as clients send them.
func AppendMasked(b []byte, opcode byte, last bool, key [4]byte, data []byte) []byte {
	b = appendHead(b, opcode, last, bitMasked, len(data))
	b = append(b, key[:]...)
	from := len(b)
	b = append(b, data...)
	f := Frame{Masked: true, Key: key}
	f.Mask(b[from:], 0)
	return b
}

func appendHead(b []byte, opcode byte, last bool, masked byte, size int) []byte {
	if last {
		opcode |= bitLast
	}
	switch {
	case size < length16:
		return append(b, opcode, masked|byte(size))
	case size <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, opcode, masked|length16), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(b, opcode, masked|length64), uint64(size))
}
