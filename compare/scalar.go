package compare

import (
	"bytes"
	"strconv"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// equalNumbers reports whether two numbers are the same, however they are written.
func equalNumbers(a, b []byte) bool {
	x, errX := strconv.ParseFloat(string(a), 64)
	y, errY := strconv.ParseFloat(string(b), 64)
	if errX != nil || errY != nil || x != y {
		return false
	}
	_, errX = strconv.ParseInt(string(a), 10, 64)
	_, errY = strconv.ParseInt(string(b), 10, 64)
	return errX != nil || errY != nil // whole numbers have one way to be written
}

// isScalar reports whether a value, or nothing, is no object and no array.
func isScalar(value []byte) bool { return len(value) == 0 || value[0] != '{' && value[0] != '[' }

// isNumber reports whether a scalar is a number.
func isNumber(scalar []byte) bool {
	return len(scalar) > 0 && (scalar[0] == '-' || '0' <= scalar[0] && scalar[0] <= '9')
}

// plain returns the string that a scalar is, or the scalar.
func plain(scalar []byte) string {
	if s, ok := jsontext.Unquote(scalar); ok {
		return string(s)
	}
	return string(scalar)
}

// joined returns the name of a member of what is called path.
func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// trimmed returns a value without white space around it.
func trimmed(value []byte) []byte { return bytes.Trim(value, jsontext.Separators) }
