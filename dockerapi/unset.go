package dockerapi

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxUnsetDepth is how deep values are looked into: what lies deeper is taken for set.
const maxUnsetDepth = 64

// IsUnset reports whether the value of a field says nothing, as clients send it of fields that
// were not set: it is null, "", 0, false or the like, or has nothing but such inside. Elements
// that are strings say something, and so do keys that clients choose. The name may be of any
// field, with those before it and dots between; value is JSON, or nothing.
func IsUnset(name string, value []byte) bool { return unset(name, value, 0) }

func unset(name string, value []byte, depth int) bool {
	if value = value[jsontext.Space(value, 0):]; len(value) == 0 {
		return true
	}
	switch {
	case value[0] != '{' && value[0] != '[':
		return jsontext.IsZero(trimmed(value))
	case depth >= maxUnsetDepth:
		return false
	case value[0] == '[':
		for element := range jsontext.Elements(value) {
			if element[0] == '"' || !unset("", element, depth+1) {
				return false
			}
		}
		return true
	}
	keyed := KeyedByClients(name)
	for quoted, member := range jsontext.Members(value) {
		if keyed {
			return false
		}
		inner, _ := jsontext.Unquote(quoted)
		if !unset(string(inner), member, depth+1) {
			return false
		}
	}
	return true
}

// trimmed returns a value without white space behind it.
func trimmed(value []byte) []byte {
	for len(value) > 0 && value[len(value)-1] <= ' ' {
		value = value[:len(value)-1]
	}
	return value
}

// KeyedByClients reports whether the keys of an object are no names of fields, but chosen by
// clients. It goes by the last of the names, with dots between.
func KeyedByClients(name string) bool {
	return keyed[strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])]
}

// keyed are those objects, in lower case: the daemon reads names in any.
var keyed = map[string]bool{
	"annotations": true, "attrs": true, "auxiliaryaddresses": true, "buildargs": true, "config": true, "driveropts": true,
	"endpointsconfig": true, "exposedports": true, "labels": true, "options": true, "portbindings": true, "storageopt": true,
	"sysctls": true, "tmpfs": true, "volumes": true,
}
