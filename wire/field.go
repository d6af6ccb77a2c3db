package wire

import "strings"

// FieldValue returns the value of the first field called name, in whatever case
// (RFC 9110, section 5.1); "" if there is none.
func FieldValue(fields []Field, name string) string {
	if i := fieldIndex(fields, name); i >= 0 {
		return fields[i].Value
	}
	return ""
}

// HasField reports whether there is a field called name.
func HasField(fields []Field, name string) bool { return fieldIndex(fields, name) >= 0 }

func fieldIndex(fields []Field, name string) int {
	for i := range fields {
		if f := &fields[i]; len(f.Name) == len(name) && strings.EqualFold(f.Name, name) {
			return i
		}
	}
	return -1
}

// MediaType returns the type in a Content-Type value, in lower case and without
// its parameters (RFC 9110, section 8.3.1).
func MediaType(v string) string {
	v, _, _ = strings.Cut(v, ";")
	return strings.ToLower(strings.TrimSpace(v))
}

// JoinedValues returns the values of all fields of a name as one list (RFC 9110,
// section 5.3); false if there is none.
func JoinedValues(fields []Field, name string) (v string, ok bool) {
	var all []byte // if there are several
	for i := range fields {
		if len(fields[i].Name) != len(name) || !strings.EqualFold(fields[i].Name, name) {
			continue
		}
		if !ok {
			v, ok = fields[i].Value, true
			continue
		}
		if all == nil {
			all = append(all, v...)
		}
		all = append(append(all, ", "...), fields[i].Value...)
	}
	if all != nil {
		v = string(all)
	}
	return v, ok
}
