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

// Looks is what the beginning of a direction says.
type Looks uint8

const (
	No     Looks = iota // TLS
	TooFew              // bytes to tell
	Client              // says a ClientHello
	Server              // says a ServerHello
)

// Recognize tells whether b begins a connection of TLS.
func Recognize(b []byte) Looks {
	// The length of a record that begins with a hello is known to be more than that
	// of the header of a handshake message, but for those who cut it to pieces.
	for i, ok := range [...]func(byte) bool{
		func(c byte) bool { return contentType(c) == handshake },
		func(c byte) bool { return c == 3 },
		func(c byte) bool { return c <= 4 },
		func(c byte) bool { return int(c) <= maxPlain>>8 },
		func(c byte) bool { return b[3] > 0 || c > 0 },
		func(c byte) bool { return c == typeClientHello || c == typeServerHello },
		func(c byte) bool { return c <= 1 }, // a hello has less than 2^17 bytes
	} {
		if i == len(b) {
			return TooFew
		}
		if !ok(b[i]) {
			return No
		}
	}
	if b[5] == typeClientHello {
		return Client
	}
	return Server
}

// Answers tells whether b begins what a server says to a ClientHello: also an alert.
func Answers(b []byte) Looks {
	alerts := []byte{byte(alert), 3}
	if n := min(len(b), len(alerts)); n > 0 && string(b[:n]) == string(alerts[:n]) {
		if n < len(alerts) {
			return TooFew
		}
		return Server
	}
	return Recognize(b)
}
