package head

import (
	"github.com/socktrace/socktrace/internal/rpcstatus"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// isBinary is rpcstatus.IsBinary. Most names do not end with that letter.
func isBinary(called string) bool {
	n := len(called)
	return n > 0 && called[n-1]|0x20 == 'n' && rpcstatus.IsBinary(called)
}

// binaryValue masks the value of a field that is in base64, all of it, if there is a
// secret in what that says.
func binaryValue(r *text.Rules, value string) (string, bool) {
	b, ok := rpcstatus.Decoded(value)
	if !ok {
		return value, false
	}
	if _, secret := plainValue(r, string(b)); !secret {
		return value, false
	}
	return r.Marks.Of(value), true
}
