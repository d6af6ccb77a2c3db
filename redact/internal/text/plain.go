package text

import "github.com/socktrace/socktrace/redact/internal/chars"

// isReference says whether a value is that of a variable or a command, which
// is not said here, such as "$TOKEN", "${TOKEN}" or "$(cat token)".
func isReference(value []byte) bool {
	if len(value) < 2 || value[0] != '$' {
		return len(value) == 1 && value[0] == '$'
	}
	value = value[1:]
	if value[0] == '{' && value[len(value)-1] == '}' {
		value = value[1 : len(value)-1]
	}
	return variableChars.Run(value) == len(value)
}

var variableChars = chars.Of("aA0", "_")
