package jsontext

// IsZero reports whether a scalar is what encoders write for a field that was not set: null,
// "", 0, false, and the time that is Go's zero.
func IsZero(scalar []byte) bool {
	switch string(scalar) {
	case "null", "false", `""`, "0", `"0001-01-01T00:00:00Z"`:
		return true
	}
	return false
}
