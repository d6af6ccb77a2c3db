package equivalent

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// value is a JSON value of a request, which remembers what of it a call gives, so that
// what is left can be told. Methods of nil are those of a value that is not there.
type value struct {
	kind  byte // '{', '[', '"', '0' for numbers, 't' for true, 'f' for false, 'n' for null
	text  string
	names []string // of members, beside values
	of    []*value // members or elements
	used  bool
	raw   []byte // as it was sent
}

// maxNested is how deep values may lie in others.
const maxNested = 64

// parsedValue returns the value that doc is; nil if it is none, or too deep.
func parsedValue(doc []byte) *value {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	v := nextValue(d, doc, 0)
	if v == nil {
		return nil
	}
	if _, err := d.Token(); err == nil { // there is more
		return nil
	}
	return v
}

func nextValue(d *json.Decoder, doc []byte, depth int) *value {
	from := d.InputOffset()
	t, err := d.Token()
	if err != nil || depth > maxNested {
		return nil
	}
	v := &value{}
	switch t := t.(type) {
	case json.Delim:
		v.kind = byte(t)
		for d.More() {
			if v.kind == '{' {
				name, _ := d.Token()
				text, ok := name.(string)
				if !ok {
					return nil
				}
				v.names = append(v.names, text)
			}
			inner := nextValue(d, doc, depth+1)
			if inner == nil {
				return nil
			}
			v.of = append(v.of, inner)
		}
		if _, err := d.Token(); err != nil {
			return nil
		}
	case string:
		v.kind, v.text = '"', t
	case json.Number:
		v.kind, v.text = '0', t.String()
	case bool:
		v.kind, v.text = 'f', "false"
		if t {
			v.kind, v.text = 't', "true"
		}
	default:
		v.kind, v.text = 'n', "null"
	}
	v.raw = bytes.TrimLeft(doc[from:d.InputOffset()], " \t\r\n,:")
	return v
}

// get returns what stands under these names, each within the one before; nil if there is
// nothing, or null. Case does not matter, as it does not to the daemon; of several the
// last one counts.
func (v *value) get(path ...string) *value {
	for _, name := range path {
		if v == nil || v.kind != '{' {
			return nil
		}
		i := len(v.names) - 1
		for i >= 0 && !strings.EqualFold(v.names[i], name) {
			i--
		}
		if i < 0 {
			return nil
		}
		v = v.of[i]
	}
	if v != nil && v.kind == 'n' {
		return nil
	}
	return v
}

// str returns the string, or the digits, that v is, and uses it.
func (v *value) str(path ...string) string {
	if v = v.get(path...); v == nil || v.kind != '"' && v.kind != '0' {
		return ""
	}
	v.used = true
	return v.text
}

// truth says whether v is true, and uses it if it is true or false.
func (v *value) truth(path ...string) bool {
	if v = v.get(path...); v == nil || v.kind != 't' && v.kind != 'f' {
		return false
	}
	v.used = true
	return v.kind == 't'
}

// number returns the digits of a number that is not 0, and uses it; "" if there is none.
func (v *value) number(path ...string) string {
	if v = v.get(path...); v == nil || v.kind != '0' {
		return ""
	}
	v.used = true
	if v.text == "0" {
		return ""
	}
	return v.text
}

// elements returns those of an array.
func (v *value) elements(path ...string) []*value {
	if v = v.get(path...); v == nil || v.kind != '[' {
		return nil
	}
	return v.of
}

// strs returns the strings of an array, or the one string that stands in its place, and
// uses them.
func (v *value) strs(path ...string) []string {
	v = v.get(path...)
	if v == nil {
		return nil
	}
	if v.kind == '"' {
		v.used = true
		return []string{v.text}
	}
	var all []string
	for _, e := range v.elements() {
		if e.kind == '"' {
			e.used = true
			all = append(all, e.text)
		}
	}
	return all
}

// namedValue is a value with its name.
type namedValue struct {
	name string
	*value
}

// members returns those of an object, sorted by their names; of several with one name the
// last, which is the one that counts.
func (v *value) members(path ...string) []namedValue {
	if v = v.get(path...); v == nil || v.kind != '{' {
		return nil
	}
	all := make([]namedValue, len(v.of))
	for i, inner := range v.of {
		all[i] = namedValue{v.names[i], inner}
	}
	slices.SortStableFunc(all, func(a, b namedValue) int { return strings.Compare(a.name, b.name) })
	last := all[:0]
	for i, m := range all {
		if i+1 < len(all) && all[i+1].name == m.name {
			m.use()
			continue
		}
		last = append(last, m)
	}
	return last
}

// pairs returns the members of an object as "name=value", and uses them; sep stands in the
// place of "=", and is left out where the value is empty and bare says so.
func (v *value) pairs(sep string, bare bool, path ...string) []string {
	var all []string
	for _, m := range v.members(path...) {
		switch {
		case m.kind == '"' && m.text == "" && bare, m.kind == 'n':
			m.value.use()
			all = append(all, m.name)
		case m.kind == '{' || m.kind == '[':
		default:
			m.value.use()
			all = append(all, m.name+sep+m.text)
		}
	}
	return all
}

// keys returns the names of an object's members, and uses them.
func (v *value) keys(path ...string) []string {
	var all []string
	for _, m := range v.members(path...) {
		m.value.use()
		all = append(all, m.name)
	}
	return all
}

// use says that a call gives all of v, or needs not give it.
func (v *value) use(path ...string) {
	if v = v.get(path...); v == nil {
		return
	}
	v.used = true
	for _, inner := range v.of {
		inner.use()
	}
}

// isEmpty says whether v says nothing.
func (v *value) isEmpty() bool { return v == nil || dockerapi.IsUnset("", v.raw) }

// rest returns what nobody used and is not empty, as `Name "value"` with the names of what
// it is in before it.
func (v *value) rest() []string {
	var all []string
	var walk func(v *value, at string)
	walk = func(v *value, at string) {
		switch {
		case v.isEmpty() || v.used && v.kind != '{' && v.kind != '[':
		case v.kind == '{':
			for i, inner := range v.of {
				walk(inner, strings.TrimPrefix(at+"."+v.names[i], "."))
			}
		case v.kind == '[' && slices.ContainsFunc(v.of, func(e *value) bool { return e.used || len(e.of) > 0 }):
			for _, inner := range v.of {
				walk(inner, at)
			}
		default:
			all = append(all, strings.TrimSpace(at+" "+v.json()))
		}
	}
	walk(v, "")
	return all
}

// maxTold is how much of a value a note tells, in bytes.
const maxTold = 200

// json returns v as JSON, cut where it is long.
func (v *value) json() string {
	b, _ := json.Marshal(v.plain()) // which strings and arrays of them always are
	if len(b) > maxTold {
		return strings.ToValidUTF8(string(b[:maxTold]), "") + "…"
	}
	return string(b)
}

// plain returns v as package json has it.
func (v *value) plain() any {
	switch v.kind {
	case '"':
		return v.text
	case '[':
		all := []any{}
		for _, e := range v.of {
			all = append(all, e.plain())
		}
		return all
	case '{':
		all := map[string]any{}
		for i, e := range v.of {
			all[v.names[i]] = e.plain()
		}
		return all
	case 'n':
		return nil
	}
	return json.RawMessage(v.text)
}
