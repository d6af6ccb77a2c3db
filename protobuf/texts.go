package protobuf

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// withTexts returns the document of an Any, with the text in it that is in base64, if
// there should be some, as text.
func withTexts(url string, doc []byte) []byte {
	member := documents[url[strings.LastIndexByte(url, '/')+1:]]
	if member == "" {
		return doc
	}
	before, value, ok := bytes.Cut(doc, []byte(`"`+member+`":"`))
	coded, after, closed := bytes.Cut(value, []byte{'"'})
	text, err := base64.StdEncoding.DecodeString(string(coded))
	if !ok || !closed || err != nil || !utf8.Valid(text) {
		return doc
	}
	out := append(bytes.Clone(before), `"`+member+`":`...)
	out, _ = jsontext.AppendString(out, text)
	return append(out, after...)
}
