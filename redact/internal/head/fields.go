// Package head masks header and trailer fields. Credentials for registries, and the
// details of an error of gRPC, are shown decoded, without what is secret in them.
package head

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// Fields returns a copy of fields with the secrets in them masked, and their
// names behind prefix; nil if there are none.
func Fields(r *text.Rules, scratch *text.Scratch, fields []wire.Field, prefix string) (out []wire.Field, names []string) {
	if len(fields) == 0 { // as where nobody wants them
		return nil, nil
	}
	look := worthLooking(r, scratch, fields)
	for i := range fields {
		f := &fields[i]
		value, called, ok := secretValue(r, f)
		switch {
		case ok:
		case IsMessage(f):
			value, ok = saidValue(r, f.Value)
		case look && IsAuthority(f):
			value, ok = authority(r, f.Value)
		case look:
			value, ok = plainValue(r, f.Value)
		}
		if !ok && isBinary(f.Name) {
			value, ok = binaryValue(r, f.Value)
		}
		if !ok {
			continue
		}
		if out == nil {
			out = append(make([]wire.Field, 0, len(fields)), fields...)
		}
		out[i] = wire.Field{Name: f.Name, Value: value, Masked: true}
		names = append(names, prefix+called)
	}
	return out, names
}

// worthLooking says whether some value may hold a secret that is not known by
// the field's name.
func worthLooking(r *text.Rules, scratch *text.Scratch, fields []wire.Field) bool {
	all := (*scratch)[:0]
	for i := range fields {
		all = append(append(all, fields[i].Value...), '\n')
	}
	*scratch = all
	return form.Index(all) >= 0 || bytes.IndexByte(all, '?') >= 0 || bytes.IndexByte(all, '{') >= 0 || bytes.IndexByte(all, '@') >= 0 ||
		r.MayAssign(all)
}

// secretValue returns the masked value of f, and the name it goes by; false if
// its name is not that of a secret. A line without a colon is a value without a
// name: its first token counts, unless that may be a secret itself.
func secretValue(r *text.Rules, f *wire.Field) (value, called string, ok bool) {
	if f.Name != "" {
		value, ok = Value(r, f.Name, f.Value)
		return value, f.Name, ok
	}
	called, rest := field.FirstToken(f.Value)
	if rest == "" || form.Index([]byte(called)) >= 0 {
		return "", "", false
	}
	value, ok = Value(r, called, strings.TrimLeft(rest, " \t"))
	return called + " " + value, called, ok
}
