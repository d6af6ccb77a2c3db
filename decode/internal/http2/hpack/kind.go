package hpack

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Kind is what a field is in a head of HTTP/2 (RFC 9113, sections 8.2 and 8.3). Most
// fields are entries of a table, of which it is found out once.
type Kind uint8

const (
	Regular Kind = iota
	Method       // the pseudo-header fields
	Path
	Scheme
	Authority
	Protocol
	Status
	OtherPseudo // one that there is not
	Unknown     // its name is not known
	OfConn      // it governs a connection of HTTP/1
	WrongTE     // a te that says more than trailers
	WrongName   // it is no token without capitals
	WrongValue  // it has a line end
)

// pseudo are the names of the pseudo-header fields, by kind.
var pseudo = [...]string{
	Method: ":method", Path: ":path", Scheme: ":scheme", Authority: ":authority", Protocol: ":protocol", Status: ":status",
}

// kindOf returns what the field is.
func kindOf(name, value string) Kind {
	if strings.HasPrefix(name, ":") {
		for k := Method; k <= Status; k++ {
			if pseudo[k] == name {
				return k
			}
		}
		return OtherPseudo
	}
	switch name {
	case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade":
		return OfConn
	case "te":
		if value != "trailers" {
			return WrongTE
		}
	}
	switch {
	case !isFieldName(name):
		return WrongName
	case !isFieldValue(value):
		return WrongValue
	}
	return Regular
}

// isFieldName reports whether s is a token without capitals.
func isFieldName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !wire.IsTokenChar(c) || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return s != ""
}

// isFieldValue reports whether s has no line end, nor what ends texts in C.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '\n' || c == '\r' || c == 0 {
			return false
		}
	}
	return true
}
