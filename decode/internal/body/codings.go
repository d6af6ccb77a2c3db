package body

import "github.com/socktrace/socktrace/wire"

// codings returns the list of what was applied to the body, in that order: codings
// of the content, then of the transfer (RFC 9112, section 7). ok is false if there
// is none.
func (h *Head) codings() (list string, ok bool) {
	list, ok = wire.JoinedValues(h.Fields, "Content-Encoding")
	switch {
	case h.Transfer == "":
		return list, ok
	case list == "":
		return h.Transfer, true
	}
	return list + ", " + h.Transfer, true
}
