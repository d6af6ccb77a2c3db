package protobuf

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// paths appends the paths of a FieldMask, as one string.
func (w *walker) paths(f *frame) {
	var all []string
	for _, g := range w.groups[f.groups:] {
		for i := g.first; i != none; i = w.values[i].next {
			all = append(all, camel(string(w.values[i].body)))
		}
	}
	w.out.B, _ = jsontext.AppendString(w.out.B, strings.Join(all, ","))
}

// bare appends the fields of a Struct, or the values of a ListValue, without the
// member around them.
func (w *walker) bare(f *frame) bool {
	if len(w.groups) == f.groups {
		if f.typ.form == formList {
			w.out.B = append(w.out.B, "[]"...)
		} else {
			w.out.B = append(w.out.B, "{}"...)
		}
		return true
	}
	g := w.groups[f.groups]
	start := len(w.out.B)
	w.out.B = append(w.out.B, '{')
	if g.field.isMap() {
		w.mapped(g)
	} else {
		w.list(g)
	}
	size := len(`{"":`) + len(g.field.key) // what stands before the value
	w.out.B = append(w.out.B[:start], w.out.B[start+size:]...)
	return true
}

// dynamic appends a Value: what it is set to.
func (w *walker) dynamic(f *frame) bool {
	for _, g := range w.groups[f.groups:] {
		if g.first == none {
			continue
		}
		if v := w.values[g.last].value; g.first == g.last {
			w.value(g.field, v)
			return true
		}
		return false
	}
	return false
}
