package har

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// Extra holds members as they were in the file, by name.
type Extra map[string]json.RawMessage

// String returns the member called name if it is a string, or else "".
func (x Extra) String(name string) string {
	var s string
	if json.Unmarshal(x[name], &s) != nil {
		return ""
	}
	return s
}

// decode reads the object b, which encoding/json has found to be valid, into
// the fields of the struct that v points to, and copies what does not fit into
// extra. It fails only if b is no object. It does not read all of b again at
// each level, as encoding/json would.
func decode(b []byte, v any, extra *Extra) error {
	s := reflect.ValueOf(v).Elem()
	s.SetZero()
	if !begins(b, '{') {
		return errors.New("no JSON object")
	}
	for quoted, value := range jsontext.Members(b) {
		name := unquote(quoted)
		if fillField(s, name, value) {
			delete(*extra, name)
			continue
		}
		if *extra == nil {
			*extra = make(Extra)
		}
		(*extra)[name] = bytes.Clone(value)
	}
	return nil
}

// begins says whether c is the first byte of the value b.
func begins(b []byte, c byte) bool {
	i := jsontext.Space(b, 0)
	return i < len(b) && b[i] == c
}

// unquote returns what a string in quotes stands for.
func unquote(quoted []byte) string {
	s, _ := jsontext.Unquote(quoted)
	return string(s)
}

// fillField reads value into the field of the struct s that is called name. It
// returns false if there is none, or the value does not fit.
func fillField(s reflect.Value, name string, value []byte) bool {
	known := fieldsByType[s.Type()]
	for i := range known {
		if f := &known[i]; f.name == name {
			return fill(s.Field(i), value, f.optional)
		}
	}
	return false
}

// fill reads value into f. It returns false, and leaves f zero, if f would not
// give it back.
func fill(f reflect.Value, value []byte, optional bool) bool {
	f.SetZero()
	var err error
	switch p := f.Addr().Interface().(type) {
	case *string:
		if value[0] != '"' {
			return false
		}
		*p = unquote(value)
	case json.Unmarshaler:
		err = p.UnmarshalJSON(value)
	default:
		switch {
		case f.Kind() == reflect.Slice:
			err = fillSlice(f, value)
		case value[0] == 'n': // null
			return false
		default:
			err = json.Unmarshal(value, p)
		}
	}
	if err != nil {
		f.SetZero()
		return false
	}
	return !optional || !f.IsZero()
}

// fillSlice reads an array of objects.
func fillSlice(f reflect.Value, value []byte) error {
	if !begins(value, '[') {
		return errors.New("no JSON array")
	}
	var bad error
	for value := range jsontext.Elements(value) {
		v := reflect.New(f.Type().Elem())
		if err := v.Interface().(json.Unmarshaler).UnmarshalJSON(value); err != nil {
			bad = err
		}
		f.Set(reflect.Append(f, v.Elem()))
	}
	return bad
}

// structField is how a field is called in JSON, and whether it is left out when
// it is zero.
type structField struct {
	name     string
	optional bool
}

// fieldsByType are the fields of the types in this package, without Extra,
// which is the last of each.
var fieldsByType = fieldsOfTypes(Entry{}, Request{}, Response{}, Cookie{}, Pair{}, PostData{}, Param{}, Content{}, Cache{}, Timings{})

func fieldsOfTypes(list ...any) map[reflect.Type][]structField {
	all := make(map[reflect.Type][]structField)
	for _, v := range list {
		t := reflect.TypeOf(v)
		for i := range t.NumField() - 1 {
			name, rest, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			all[t] = append(all[t], structField{name, rest == "omitempty"})
		}
	}
	return all
}

// UnmarshalJSON fails only if b is no JSON object; so do all others here.
func (e *Entry) UnmarshalJSON(b []byte) error    { return decode(b, e, &e.Extra) }
func (r *Request) UnmarshalJSON(b []byte) error  { return decode(b, r, &r.Extra) }
func (r *Response) UnmarshalJSON(b []byte) error { return decode(b, r, &r.Extra) }
func (c *Cookie) UnmarshalJSON(b []byte) error   { return decode(b, c, &c.Extra) }
func (p *Pair) UnmarshalJSON(b []byte) error     { return decode(b, p, &p.Extra) }
func (p *PostData) UnmarshalJSON(b []byte) error { return decode(b, p, &p.Extra) }
func (p *Param) UnmarshalJSON(b []byte) error    { return decode(b, p, &p.Extra) }
func (c *Content) UnmarshalJSON(b []byte) error  { return decode(b, c, &c.Extra) }
func (c *Cache) UnmarshalJSON(b []byte) error    { return decode(b, c, &c.Extra) }
func (t *Timings) UnmarshalJSON(b []byte) error  { return decode(b, t, &t.Extra) }
