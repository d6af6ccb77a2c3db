package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// emptyAuth are the values of X-Registry-Auth and X-Registry-Config that say
// that there are no credentials: "{}" and "null" in base64.
var emptyAuth = map[string]bool{"": true, "e30=": true, "e30": true, "bnVsbA==": true, "bnVsbA": true}

// registryAuth returns the value of X-Registry-Auth or X-Registry-Config as
// the JSON text that it is the base64 of, with the secrets masked: nothing of
// them is left in the encoding. What cannot be understood is masked whole. It
// returns false if there are no credentials.
func (r *Redactor) registryAuth(value string) (string, bool) {
	if emptyAuth[value] {
		return value, false
	}
	text, ok := decodeAuth(value)
	if !ok {
		return r.marks.Placeholder([]byte(value), len(value)), true
	}
	var w walker
	w.start(r, "", where{login: true})
	masked, _ := w.next(text, true)
	if w.broken || len(w.open) > 0 {
		return r.marks.Placeholder([]byte(value), len(value)), true
	}
	// A value has no line ends (RFC 9110, section 5.5); JSON has them between
	// its tokens only.
	shown := strings.NewReplacer("\r", " ", "\n", " ").Replace(string(bytes.TrimSpace(masked)))
	return shown, shown != value
}

// decodeAuth returns the JSON object in value: in base64, for URLs or not,
// padded or not, or as it is, if it was decoded before.
func decodeAuth(value string) (text []byte, ok bool) {
	if value[0] == '{' {
		return []byte(value), json.Valid([]byte(value))
	}
	value = strings.TrimRight(value, "=")
	enc := base64.RawStdEncoding
	if strings.ContainsAny(value, "-_") {
		enc = base64.RawURLEncoding
	}
	text, err := enc.DecodeString(value)
	return text, err == nil && json.Valid(text) && beginsJSON(text)
}
