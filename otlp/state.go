package otlp

import "github.com/socktrace/socktrace/wire"

// stateOf returns how an exchange has ended: one whose client had enough of it, as of a
// stream that it followed, was not aborted.
func stateOf(state string, left bool) string {
	if left && state == wire.StateAborted.String() {
		return "left"
	}
	return state
}
