package equivalent

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// withLists returns filters, as newer clients write them, as older ones do, and as
// docker-py takes them: {"a": {"b": true}} is {"a": ["b"]}.
func withLists(v string) string {
	out := "{"
	for key, value := range jsontext.Members([]byte(v)) {
		if len(out) > 1 {
			out += ","
		}
		out += string(key) + ":"
		if len(value) == 0 || value[0] != '{' {
			out += string(value)
			continue
		}
		var names []string
		for name, set := range jsontext.Members(value) {
			if string(set) != "true" {
				return v
			}
			names = append(names, string(name))
		}
		out += "[" + strings.Join(names, ",") + "]"
	}
	if out += "}"; !json.Valid([]byte(out)) {
		return v
	}
	return out
}

// decodedAuth returns the document in a value of X-Registry-Auth; false if there is none,
// or none that is known.
func decodedAuth(v string) ([]byte, bool) {
	doc := []byte(v)
	if !strings.HasPrefix(v, "{") {
		encoded := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(v, "="))
		var err error
		if doc, err = base64.RawURLEncoding.DecodeString(encoded); err != nil {
			return nil, false
		}
	}
	return doc, json.Valid(doc) && len(doc) > 0 && doc[0] == '{'
}
