// Package rpcstatus reads the fields of gRPC whose values are in base64: the whole
// status of a call that has failed, as JSON, and others as the bytes that they are.
package rpcstatus

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/socktrace/socktrace/protobuf"
)

// maxSize bounds the JSON of a status. Servers have less room for it in a head.
const maxSize = 64 << 10

// JSON returns what the value of wire.StatusDetails says: a google.rpc.Status. One that is
// JSON, as the redactor leaves it, is returned as it is. It returns false if the value is
// none, or if not all of it is understood: nobody knows then what is in the rest.
func JSON(value string) (doc []byte, ok bool) {
	if strings.HasPrefix(value, "{") {
		return []byte(value), json.Valid([]byte(value))
	}
	msg, ok := Decoded(value)
	if !ok || len(msg) == 0 {
		return nil, false
	}
	s := protobuf.Embedded()
	doc, info := s.AppendJSON(nil, s.Named("google.rpc.Status"), msg, protobuf.Limits{Size: maxSize})
	return doc, info.Unknown == 0 && info.Fault != protobuf.Malformed && info.Fault != protobuf.Truncated
}

// Value returns a value of wire.StatusDetails as it is sent, of one that may be JSON, as the
// redactor leaves it: false if it is neither, or not all of it is there.
func Value(value string) (string, bool) {
	if !strings.HasPrefix(value, "{") {
		_, ok := Decoded(value)
		return value, ok
	}
	s := protobuf.Embedded()
	msg, err := s.AppendMessage(nil, s.Named("google.rpc.Status"), []byte(value))
	return base64.RawStdEncoding.EncodeToString(msg), err == nil
}

// IsBinary reports whether the value of a field with this name is in base64 (gRPC over
// HTTP2, "Custom-Metadata").
func IsBinary(name string) bool {
	const suffix = "-bin"
	return len(name) > len(suffix) && strings.EqualFold(name[len(name)-len(suffix):], suffix)
}

// Decoded returns the bytes of such a value, padded or not; false if it is none.
func Decoded(value string) ([]byte, bool) {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(value, "="))
	return b, err == nil
}

// IsText reports whether bytes are a text of one line.
func IsText(b []byte) bool {
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 || !unicode.IsPrint(r) {
			return false
		}
		rest = rest[n:]
	}
	return len(b) > 0
}
