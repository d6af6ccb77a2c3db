package compare

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// keysOf returns what the elements of an array are known by, in the words of A: of objects
// their id or name, of "NAME=value" the name. False if they have none, or one twice.
func keysOf(path string, all [][]byte) (keys []string, ok bool) {
	if len(all) == 0 {
		return nil, true
	}
	seen := make(map[string]bool, len(all))
	for _, e := range all {
		k := elementKey(path, e)
		if k == "" || seen[k] {
			return nil, false
		}
		seen[k] = true
		keys = append(keys, k)
	}
	return keys, true
}

// elementKey returns what an element is known by; empty if by nothing.
func elementKey(path string, e []byte) string {
	if e[0] == '"' {
		s, _ := jsontext.Unquote(e)
		name, _, is := strings.Cut(string(s), "=")
		if is && isPairs(path) {
			return name
		}
		return ""
	}
	if e[0] != '{' {
		return ""
	}
	found, rank := "", len(keyNames)
	for quoted, value := range jsontext.Members(e) {
		name, _ := jsontext.Unquote(quoted)
		s, is := jsontext.Unquote(value)
		if !is || len(s) == 0 {
			continue
		}
		for r, n := range keyNames[:rank] {
			if strings.EqualFold(string(name), n) {
				found, rank = string(s), r
				break
			}
		}
	}
	return found
}

// nameOf returns what people call an element, or the first of its names; empty if it has none.
func nameOf(e []byte) string {
	if e[0] != '{' {
		return ""
	}
	for quoted, value := range jsontext.Members(e) {
		name, _ := jsontext.Unquote(quoted)
		switch string(name) {
		case "Name", "Names", "RepoTags":
		default:
			continue
		}
		if len(value) > 0 && value[0] == '[' {
			for first := range jsontext.Elements(value) {
				value = trimmed(first)
				break
			}
		}
		s, _ := jsontext.Unquote(value)
		return string(s)
	}
	return ""
}

// elements returns the elements of an array.
func elements(array []byte) (all [][]byte) {
	for e := range jsontext.Elements(array) {
		if e = trimmed(e); len(e) > 0 {
			all = append(all, e)
		}
	}
	return all
}
