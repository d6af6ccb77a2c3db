package render

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/shortid"
)

// briefly returns text with the ids in it cut.
func (t *text) briefly(s string) string {
	return shortid.CutString(s, t.colors.glyph("…"))
}

// target adds what is asked for as people read it: ids are cut, the query is
// decoded.
func (t *text) target(target string) {
	path, query, has := strings.Cut(target, "?")
	t.text(roleTarget, t.briefly(path))
	for mark := "?"; has; mark = "&" {
		var parameter string
		parameter, query, has = strings.Cut(query, "&")
		name, value, assigned := strings.Cut(parameter, "=")
		t.own(roleFaint, mark)
		t.text(roleQuery, dockerapi.Unescaped(name))
		if assigned {
			t.own(roleFaint, "=")
			t.text(roleTarget, t.briefly(asWritten(dockerapi.Unescaped(value))))
		}
	}
}

// asWritten returns the value of a parameter as people write it: JSON without its
// quotes, what could be taken for more than one value within quotes.
func asWritten(s string) string {
	if s == "" {
		return s
	}
	if s[0] == '{' || s[0] == '[' {
		if loose, ok := loosely(s); ok {
			return loose
		}
	}
	if strings.ContainsAny(s, "& \"") {
		return `"` + s + `"`
	}
	return s
}

// maxLoose bounds the JSON in a query that is made easier to read, in bytes.
const maxLoose = 4 << 10

// loosely returns JSON without quotes around what needs none, and with a set, which
// is an object whose values are all true, as a list: {label: [a=b]}. ok is false
// if s is not JSON, or too long for this.
func loosely(s string) (loose string, ok bool) {
	if len(s) > maxLoose || !json.Valid([]byte(s)) {
		return "", false
	}
	return string(appendLoosely(nil, []byte(s))), true
}

// appendLoosely appends one JSON value, without white space around it.
func appendLoosely(dst, value []byte) []byte {
	switch value[0] {
	case '{':
		set := isSet(value)
		brackets := "{}"
		if set {
			brackets = "[]"
		}
		dst = append(dst, brackets[0])
		from := len(dst)
		for key, member := range jsontext.Members(value) {
			dst = appendComma(dst, from)
			if dst = appendWord(dst, key, " ,:[]{}\"&"); !set {
				dst = appendLoosely(append(dst, ": "...), member)
			}
		}
		return append(dst, brackets[1])
	case '[':
		dst = append(dst, '[')
		from := len(dst)
		for element := range jsontext.Elements(value) {
			dst = appendLoosely(appendComma(dst, from), element)
		}
		return append(dst, ']')
	case '"':
		return appendWord(dst, value, " ,[]{}\"&")
	}
	return append(dst, value...)
}

// appendComma appends what is between members, if there is one since from.
func appendComma(dst []byte, from int) []byte {
	if len(dst) > from {
		return append(dst, ", "...)
	}
	return dst
}

// appendWord appends a string, without its quotes if it is none of ours without them.
func appendWord(dst, quoted []byte, ours string) []byte {
	if word, ok := jsontext.Unquote(quoted); ok && len(word) > 0 && !bytes.ContainsAny(word, ours) {
		return append(dst, word...)
	}
	return append(dst, quoted...)
}

// isSet says whether an object is how Docker's filters write a set.
func isSet(object []byte) bool {
	n := 0
	for _, member := range jsontext.Members(object) {
		if n++; string(member) != "true" {
			return false
		}
	}
	return n > 0
}

// The beginning and the end of a placeholder in a target, where it is encoded.
const (
	markBegins = "%5Bmasked%20"
	markEnds   = "%5D"
)

// withMarks returns target with what stands in place of secrets as people read it,
// and all else as it is.
func withMarks(target string) string {
	for from := 0; ; {
		i := strings.Index(target[from:], markBegins)
		if i < 0 {
			return target
		}
		from += i
		size := strings.Index(target[from:], markEnds)
		if size < 0 {
			return target
		}
		end := from + size + len(markEnds)
		mark, err := url.PathUnescape(target[from:end])
		if err != nil {
			return target
		}
		target = target[:from] + mark + target[end:]
		from += len(mark)
	}
}
