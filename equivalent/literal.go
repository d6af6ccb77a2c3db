package equivalent

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
)

// pyString returns s as a literal of Python. Bytes that are no UTF-8 are in it as
// os.fsdecode has them (PEP 383).
func pyString(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	each(s, func(piece string, shown bool) {
		r, n := utf8.DecodeRuneInString(piece)
		switch {
		case piece == "'" || piece == `\`:
			b.WriteString(`\` + piece)
		case shown:
			b.WriteString(piece)
		case piece == "\n":
			b.WriteString(`\n`)
		case piece == "\t":
			b.WriteString(`\t`)
		case piece == "\r":
			b.WriteString(`\r`)
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\udc%02x`, piece[0])
		case r < utf8.RuneSelf:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	})
	b.WriteByte('\'')
	return b.String()
}

// maxDepth is how deep a document may be nested that becomes a literal: parsers have
// bounds too.
const maxDepth = 40

// maxDigits is how long a number may be that stands as it was sent: Python bounds those
// of integers.
const maxDigits = 300

// pyWords writes texts and documents as expressions of Python, with variables of the
// environment in the place of secrets.
type pyWords struct {
	secrets *secrets
	environ bool // a variable was used
	deep    bool // something was nested too deeply, and is missing
}

// text returns the expression of a string. A secret in it is called after name.
func (w *pyWords) text(s, name string) string {
	var all []string
	for _, p := range w.secrets.cut(s, name) {
		if p.variable == "" {
			all = append(all, pyString(p.text))
			continue
		}
		if p.made != nil {
			all = append(all, p.made.python)
			continue
		}
		w.environ = true
		all = append(all, "os.environ['"+p.variable+"']")
	}
	return strings.Join(all, " + ")
}

// value returns the expression of a JSON value, which is valid; name is what it is the
// value of.
func (w *pyWords) value(v []byte, name string) string { return w.nested(v, name, 0) }

func (w *pyWords) nested(v []byte, name string, depth int) string {
	v = trimSpace(v)
	switch {
	case len(v) == 0:
		return "None"
	case depth > maxDepth:
		w.deep = true
		return "None"
	}
	switch v[0] {
	case '{':
		var all []string
		for key, member := range jsontext.Members(v) {
			k := unquoted(key)
			all = append(all, w.text(k, "key")+": "+w.nested(member, k, depth+1))
		}
		return "{" + strings.Join(all, ", ") + "}"
	case '[':
		var all []string
		for element := range jsontext.Elements(v) {
			all = append(all, w.nested(element, name, depth+1))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case '"':
		return w.text(unquoted(v), name)
	case 't':
		return "True"
	case 'f':
		return "False"
	case 'n':
		return "None"
	}
	if len(v) > maxDigits {
		return "float(" + pyString(string(v)) + ")"
	}
	return string(v)
}

// trimSpace returns v without the white space of JSON around it.
func trimSpace(v []byte) []byte {
	return []byte(strings.Trim(string(v), " \t\r\n"))
}

// unquoted returns what a JSON string stands for.
func unquoted(v []byte) string {
	s, _ := jsontext.Unquote(v)
	return string(s)
}

// isEmpty says whether a JSON value of this name says nothing.
func isEmpty(v []byte, name string) bool {
	v = trimSpace(v)
	return len(v) == 0 || json.Valid(v) && dockerapi.IsUnset(name, v)
}
