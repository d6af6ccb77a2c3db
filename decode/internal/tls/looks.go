package tls

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

// Malformed reports whether b begins with a record of which it is clear that it is no
// ClientHello, though it looked like one.
func Malformed(b []byte) bool {
	h, ok := headOf(b)
	if !ok || len(b) < headSize+h.size() || h.size() < messageHead {
		return false
	}
	m := b[headSize : headSize+h.size()]
	n := int(m[1])<<16 + int(m[2])<<8 + int(m[3])
	if n > len(m)-messageHead {
		return false // it goes on in another record
	}
	_, ok = parseClientHello(m[messageHead : messageHead+n])
	return !ok
}
