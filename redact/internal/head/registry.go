package head

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// registryAuth returns the value of X-Registry-Auth or X-Registry-Config as
// the JSON text that it is the base64 of, with the secrets masked: nothing of
// them is left in the encoding. What cannot be understood is masked whole. It
// returns false if there are no credentials.
func registryAuth(r *text.Rules, value string) (string, bool) {
	if field.IsNoAuth(value) {
		return value, false
	}
	auth, ok := decodeAuth(value)
	if !ok {
		return r.Marks.Of(value), true
	}
	masked, _, ok := jsonmask.MaskValid(r, auth, "", jsonmask.Where{Login: true})
	if !ok {
		return r.Marks.Of(value), true
	}
	// A value has no line ends (RFC 9110, section 5.5); JSON has them between
	// its tokens only.
	shown := strings.NewReplacer("\r", " ", "\n", " ").Replace(string(bytes.TrimSpace(masked)))
	return shown, shown != value
}

// decodeAuth returns the JSON object in value: in base64, for URLs or not,
// padded or not, or as it is, if it was decoded before.
func decodeAuth(value string) (auth []byte, ok bool) {
	if value[0] == '{' {
		return []byte(value), json.Valid([]byte(value))
	}
	value = strings.TrimRight(value, "=")
	enc := base64.RawStdEncoding
	if strings.ContainsAny(value, "-_") {
		enc = base64.RawURLEncoding
	}
	auth, err := enc.DecodeString(value)
	return auth, err == nil && json.Valid(auth) && jsonmask.Begins(auth)
}
