package tls

import "fmt"

// closeNotify is the alert that ends a direction (RFC 8446, section 6.1).
const closeNotify = 0

// fatal is the level of an alert behind which nothing comes (RFC 5246, section 7.2).
const fatal = 2

// alerts are the descriptions of alerts, as RFC 8446, section 6, has them, and RFC 5246,
// section 7.2.
var alerts = map[byte]string{
	10: "unexpected message", 20: "bad record MAC", 21: "decryption failed", 22: "record overflow", 30: "decompression failure",
	40: "handshake failure", 41: "no certificate", 42: "bad certificate", 43: "unsupported certificate", 44: "certificate revoked",
	45: "certificate expired", 46: "certificate unknown", 47: "illegal parameter", 48: "unknown CA", 49: "access denied",
	50: "decode error", 51: "decrypt error", 60: "export restriction", 70: "protocol version", 71: "insufficient security",
	80: "internal error", 86: "inappropriate fallback", 90: "user canceled", 100: "no renegotiation", 109: "missing extension",
	110: "unsupported extension", 111: "certificate unobtainable", 112: "unrecognized name", 113: "bad certificate status response",
	114: "bad certificate hash value", 115: "unknown PSK identity", 116: "certificate required", 120: "no application protocol",
	121: "ECH required",
}

// alertText returns what an alert says.
func alertText(description byte) string {
	if s, ok := alerts[description]; ok {
		return s
	}
	return fmt.Sprintf("alert %d", description)
}
