package render

import (
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// {} and null in base64: what clients without credentials send.
const (
	nothingEncoded = "e30="
	nullEncoded    = "bnVsbA=="
)

// briefField returns the line and the value of a field as a short head shows them.
func briefField(f wire.Field) (line, value string) {
	if !f.Masked && strings.EqualFold(f.Name, "X-Docker-Container-Path-Stat") {
		if what, ok := fileWords(f.Value); ok {
			return "", what
		}
	}
	if b, ok := decodedField(f); ok {
		return "", binaryWords(b)
	}
	return f.Line, f.Value
}

// fileWords says what is told of a file in a container, in base64:
//
//	hosts, 150 B, -rw-r--r--
//
// ok is false if that is not what s is.
func fileWords(s string) (words string, ok bool) {
	var file struct {
		Name       string
		Size       int64
		Mode       fs.FileMode
		LinkTarget string
	}
	doc, err := base64.StdEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(doc, &file) != nil || file.Name == "" {
		return "", false
	}
	words = file.Name + ", " + Size(file.Size) + ", " + file.Mode.String()
	if file.LinkTarget != "" {
		words += ", link to " + file.LinkTarget
	}
	return words, true
}
