package equivalent

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// credentials returns the field of this name with credentials for registries; nil if there
// is none, or a document without a value in it, as clients send that have none.
func credentials(x *wire.Exchange, name string) *wire.Field {
	for i := range x.Request.Fields {
		f := &x.Request.Fields[i]
		if !strings.EqualFold(f.Name, name) {
			continue
		}
		if doc, is := decodedAuth(f.Value); f.Value == "" || is && isEmpty(doc, "") {
			return nil
		}
		return f
	}
	return nil
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
