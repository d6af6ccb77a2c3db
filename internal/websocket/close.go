package websocket

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// Status codes with which connections are closed (RFC 6455, section 7.4.1).
const (
	CloseNormal   = 1000
	CloseProtocol = 1002 // the other side broke a rule
	CloseNoText   = 1007 // a text was no UTF-8
	CloseTooBig   = 1009 // a message was too long
)

// closeCode is the length of a status code in a close frame.
const closeCode = 2

// ClosePayload returns what a close frame has inside: a status code and a reason, of which there
// is as much as there is room for.
func ClosePayload(code int, reason string) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(code))
	for _, r := range reason {
		if len(b)+utf8.RuneLen(r) > MaxControl {
			break
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

// CheckClose returns what is wrong with the payload of a close frame, if anything is: a code that
// may not be sent, half of one, or a reason that is no text (RFC 6455, sections 5.5.1 and 7.4).
func CheckClose(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if len(b) < closeCode {
		return &Breach{CloseProtocol, "a close frame with half a status code"}
	}
	if code := int(binary.BigEndian.Uint16(b)); !maySend(code) {
		return &Breach{CloseProtocol, fmt.Sprintf("a close frame with the status code %d", code)}
	}
	if !utf8.Valid(b[closeCode:]) {
		return &Breach{CloseProtocol, "a close frame with a reason that is no UTF-8"}
	}
	return nil
}

// maySend reports whether a status code may be in a close frame (RFC 6455, section 7.4, and the
// registry of IANA): not those that only stand for what has happened.
func maySend(code int) bool {
	return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006) || code >= 3000 && code < 5000
}
