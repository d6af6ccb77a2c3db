package protobuf

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// any appends an Any: as a message with its type, if that is known. Others hold
// documents, or a message of which the fields can be told.
func (w *walker) any(f *frame) bool {
	if w.depth >= w.limits.Depth || len(w.groups) == f.groups {
		return false
	}
	url := string(w.get(f, 1).body)
	body := w.get(f, 2).body
	t := w.schema.Named(url[strings.LastIndexByte(url, '/')+1:])
	member, _ := jsontext.AppendString([]byte(`"@type":`), url)
	if t != nil && t.form == formObject {
		w.lead = append(w.lead[:0], member...)
		w.nested(t, body)
		return true
	}
	w.out.B = append(append(w.out.B, '{'), member...)
	switch {
	case t != nil:
		w.out.Key("value")
		w.nested(t, body)
	case len(body) == 0:
	case looksJSON(body) && !w.whole:
		w.out.Key("value")
		w.bytes(contentUnknown, withTexts(url, body))
	default:
		w.out.Key("value")
		w.anything(body)
	}
	w.out.Close('}')
	return true
}

// anything appends bytes that are mostly a message.
func (w *walker) anything(b []byte) {
	if IsMessage(b) && !w.whole {
		w.nested(nil, b)
		return
	}
	w.opaque(b)
}
