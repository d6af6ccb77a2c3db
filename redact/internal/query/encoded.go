package query

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// look adds the secrets in v, a decoded value, to found. They have no names but
// those within it.
type look func(found mask.Spans, v []byte) mask.Spans

// encoded adds what look, if there is one, and the forms find in the
// percent-encoded b[from:to], the value of what is called so, if it has a name.
// What is shown instead is encoded too.
func encoded(r *text.Rules, found mask.Spans, b []byte, from, to int, ended bool, label string, called []byte, look look) mask.Spans {
	if look == nil && form.Index(b[from:to]) < 0 && bytes.IndexByte(b[from:to], '%') < 0 {
		return found
	}
	var buf [256]byte
	v := decode(buf[:0], b[from:to])
	n := len(found)
	if look != nil {
		found = look(found, v)
	}
	found = form.Find(found, r.Marks, v, ended, "")
	if len(found) == n {
		return found
	}
	label = name.Join(label, called)
	added := found[n:].Sorted()
	found = found[:n+len(added)]
	at := offset{sent: from}
	for i := range added {
		sp := &added[i]
		sp.From, sp.To = at.in(b, sp.From), at.in(b, sp.To)
		sp.With, sp.Name = encode(sp.With), label+sp.Name
	}
	return found
}
