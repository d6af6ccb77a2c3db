package protobuf

import "github.com/socktrace/socktrace/internal/protowire"

// Elides reports whether nobody would see the rest of a message of type t, of which
// head is here and so many bytes are not: they belong to bytes of which only the
// beginning is shown. What is shown then is the same as if all of it were here.
func (t *Type) Elides(head []byte, missing int64, files bool) bool {
	for len(head) > 0 {
		v, n := next(head)
		if n < 0 {
			return t.elides(v, missing, files)
		}
		head = head[n:]
	}
	return false
}

// elides is Elides for the value that is cut.
func (t *Type) elides(v value, missing int64, files bool) bool {
	f := t.takes(v)
	if f == nil || f.kind != kindBytes || v.typ != protowire.BytesType || len(v.body) < beginning {
		return false
	}
	if v.bits != uint64(len(v.body))+uint64(missing) || v.bits <= shortBytes {
		return false
	}
	switch f.bytes {
	case contentUnknown:
		return !beginsJSON(v.body)
	case contentFile:
		return !files
	}
	return f.bytes == contentSecret || f.bytes == contentHex
}

// beginsJSON reports whether b, which is not empty, may begin a JSON document.
func beginsJSON(b []byte) bool { return b[0] == '{' || b[0] == '[' }
