package equivalent

import (
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
