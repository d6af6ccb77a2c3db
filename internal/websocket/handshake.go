package websocket

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

// Version is the version of the protocol (RFC 6455, section 4.1).
const Version = "13"

// keyBytes is how long the key of a handshake is, before it is base64.
const keyBytes = 16

// secret is what a server adds to the key, to show that it knows what that is (RFC 6455, section 1.3).
const secret = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// Accept returns what a server answers to the key of a client, in Sec-WebSocket-Accept (RFC 6455,
// section 4.2.2).
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + secret))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// NewKey returns the key of a handshake: each client has another each time.
func NewKey() string {
	var b [keyBytes]byte
	_, _ = rand.Read(b[:]) // which does not fail
	return base64.StdEncoding.EncodeToString(b[:])
}

// IsOffered reports whether a request offers to become a WebSocket.
func IsOffered(h http.Header) bool { return hasToken(h, "Upgrade", "websocket") }

// CheckOffer returns what is wrong with a request that offers to become a WebSocket, if anything
// is (RFC 6455, section 4.2.1).
func CheckOffer(method string, h http.Header) error {
	key := h.Get("Sec-WebSocket-Key")
	switch b, err := base64.StdEncoding.DecodeString(key); {
	case method != http.MethodGet:
		return fmt.Errorf("a WebSocket is asked for with GET")
	case !hasToken(h, "Connection", "upgrade"):
		return fmt.Errorf("no upgrade in Connection")
	case err != nil || len(b) != keyBytes:
		return fmt.Errorf("Sec-WebSocket-Key is not %d bytes in base64", keyBytes)
	case h.Get("Sec-WebSocket-Version") != Version:
		return fmt.Errorf("Sec-WebSocket-Version is not %s", Version)
	}
	return nil
}

// Offers reports whether a request offers a protocol for what is inside of messages (RFC 6455, section 1.9).
func Offers(h http.Header, protocol string) bool {
	return hasToken(h, "Sec-WebSocket-Protocol", protocol)
}

// hasToken reports whether a field is a list with a token, in whatever case.
func hasToken(h http.Header, name, token string) bool {
	for _, line := range h.Values(name) {
		for t := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(t), token) {
				return true
			}
		}
	}
	return false
}
