package tls

import "encoding/binary"

// contentType is what a record carries (RFC 8446, section 5.1).
type contentType uint8

const (
	changeCipherSpec contentType = 20
	alert            contentType = 21
	handshake        contentType = 22
	application      contentType = 23
	heartbeat        contentType = 24 // RFC 6520
)

const (
	headSize = 5
	// maxPlain is how much a record carries, and maxFragment how long it may be when it
	// is protected (RFC 5246, section 6.2.3).
	maxPlain    = 1 << 14
	maxFragment = maxPlain + 2048
)

// Versions of the protocol.
const (
	ssl30 uint16 = 0x300 + iota
	tls10
	tls11
	tls12
	tls13
)

// head is the header of a record.
type head [headSize]byte

func (h *head) kind() contentType { return contentType(h[0]) }
func (h *head) version() uint16   { return binary.BigEndian.Uint16(h[1:]) }
func (h *head) size() int         { return int(binary.BigEndian.Uint16(h[3:])) }

// plausible reports whether h may be of a record. The version of the header says little
// (RFC 8446, section 5.1).
func (h *head) plausible() bool {
	return h.kind() >= changeCipherSpec && h.kind() <= heartbeat && h[1] == 3 && h[2] <= 4 && h.size() <= maxFragment
}

// headOf returns the header that b begins with; ok is false if there is less.
func headOf(b []byte) (h head, ok bool) {
	return h, copy(h[:], b) == headSize
}
