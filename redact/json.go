package redact

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// secretKeys are the JSON keys whose values are masked, at any depth, in lower
// case. The daemon matches keys without regard to case, so the redactor does.
var secretKeys = []string{"password", "auth", "identitytoken", "registrytoken"}

func isSecretKey(key string) bool {
	return slices.ContainsFunc(secretKeys, func(k string) bool { return strings.EqualFold(k, key) })
}

// maskJSON masks the secrets in a text of JSON values, one or many, whole or
// cut, whose name is "request.body" or the like. Strings and numbers under a
// secret key are replaced, at any depth below it, and those that stand outside
// of all objects and arrays. From the first byte that cannot be JSON on, the
// rest is masked as one: what it would mean to a lenient reader is not known.
// It returns nil names if there is nothing to mask.
func (r *Redactor) maskJSON(text []byte, name string) (out []byte, names []string) {
	m := jsonMasker{r: r, text: text, name: name}
	m.run()
	if m.names == nil {
		return nil, nil
	}
	return append(m.out, text[m.copied:]...), m.names
}

// want says what may come next in a JSON text.
type want uint8

const (
	wantValue      want = iota
	wantFirstValue      // or "]"
	wantFirstKey        // or "}"
	wantKey
	wantColon
	wantComma // or the end of the object or array
)

// jsonMasker is one pass over a text.
type jsonMasker struct {
	r      *Redactor
	text   []byte
	name   string
	out    []byte // text[:copied], masked
	copied int
	names  []string

	want   want
	open   []byte // brackets that are open
	key    string // the secret key before this value; empty if there is none
	within int    // len(open) in the value of a secret key: all in it is secret; 0: not in one
}

// run goes through the text, one token at a time.
func (m *jsonMasker) run() {
	for i := 0; i < len(m.text); {
		var n int
		switch c := m.text[i]; {
		case c == ' ', c == '\t', c == '\r', c == '\n', c == 0x1e && len(m.open) == 0:
			n = 1
		case c == '"':
			n = m.str(i)
		case c == '{', c == '[':
			n = m.begin(c)
		case c == '}', c == ']':
			n = m.end(c)
		case c == ':' && m.want == wantColon:
			m.want, n = wantValue, 1
		case c == ',' && m.want == wantComma:
			m.want, n = wantValue, 1
			if m.open[len(m.open)-1] == '{' {
				m.want = wantKey
			}
		default:
			n = m.scalar(i)
		}
		if n == 0 {
			m.replace(i, len(m.text), partial(len(m.text)-i), m.name)
			return
		}
		i += n
	}
}

// valueFits says whether a value may come here.
func (m *jsonMasker) valueFits() bool { return m.want == wantValue || m.want == wantFirstValue }

// secret says whether a value here is to be masked, and by which name.
func (m *jsonMasker) secret() (name string, ok bool) {
	switch {
	case m.key != "":
		return m.name + "." + m.key, true
	case len(m.open) == 0:
		return m.name, true
	}
	return "", false
}

// valueDone moves on behind a value.
func (m *jsonMasker) valueDone() {
	if m.within == 0 {
		m.key = ""
	}
	m.want = wantComma
	if len(m.open) == 0 {
		m.want = wantValue
	}
}

// begin opens an object or array; 0 if none may come here.
func (m *jsonMasker) begin(c byte) int {
	if !m.valueFits() {
		return 0
	}
	m.open = append(m.open, c)
	if m.key != "" && m.within == 0 {
		m.within = len(m.open)
	}
	m.want = wantFirstValue
	if c == '{' {
		m.want = wantFirstKey
	}
	return 1
}

// end closes an object or array; 0 if that cannot be.
func (m *jsonMasker) end(c byte) int {
	n := len(m.open)
	if n == 0 || m.open[n-1] != c-2 { // '{' and '}', '[' and ']' are two apart
		return 0
	}
	if m.want != wantComma && m.want != wantFirstKey && m.want != wantFirstValue {
		return 0
	}
	if m.within == n {
		m.within = 0
	}
	m.open = m.open[:n-1]
	m.valueDone()
	return 1
}

// str takes the string that begins at i, a key or a value, and returns its
// size; 0 if none may come here.
func (m *jsonMasker) str(i int) int {
	size, ended := stringSize(m.text[i:])
	from, to := i+1, i+size
	if ended {
		to--
	}
	switch {
	case m.want == wantKey || m.want == wantFirstKey:
		m.want = wantColon
		if m.within > 0 {
			m.maskString(from, to, ended)
		} else if key := unquote(m.text[from:to]); ended && isSecretKey(key) {
			m.key = key
		}
	case m.valueFits():
		m.maskString(from, to, ended)
		m.valueDone()
	default:
		return 0
	}
	return size
}

// maskString masks the inside of a string, if it is secret. A string that has
// not ended may be only a piece.
func (m *jsonMasker) maskString(from, to int, ended bool) {
	name, ok := m.secret()
	if !ok || from == to {
		return
	}
	with := partial(to - from)
	if ended {
		with = m.r.placeholder(unquote(m.text[from:to]))
	}
	m.replace(from, to, with, name)
}

// stringSize returns the size of the string that b begins with, its quotes
// included, and whether it ends in b.
func stringSize(b []byte) (size int, ended bool) {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return len(b), false
}

// unquote returns what the inside of a JSON string stands for; the inside
// itself if that is malformed.
func unquote(inside []byte) string {
	if bytes.IndexByte(inside, '\\') < 0 {
		return string(inside)
	}
	var s string
	quoted := append(append([]byte{'"'}, inside...), '"')
	if json.Unmarshal(quoted, &s) != nil {
		return string(inside)
	}
	return s
}

// scalar takes the number or literal that begins at i and returns its size; 0
// if it is none, or none may come here.
func (m *jsonMasker) scalar(i int) int {
	if !m.valueFits() {
		return 0
	}
	rest := m.text[i:]
	size := 0
	for size < len(rest) && isScalarChar(rest[size]) {
		size++
	}
	word := string(rest[:size])
	switch {
	case size == 0:
		return 0
	case rest[0] == '-' || '0' <= rest[0] && rest[0] <= '9':
		if name, ok := m.secret(); ok {
			m.replace(i, i+size, `"`+m.r.placeholder(word)+`"`, name)
		}
	case word == "true", word == "false", word == "null":
	case size == len(rest) && isCut(word):
	default:
		return 0
	}
	m.valueDone()
	return size
}

// isCut says whether word is the beginning of a literal.
func isCut(word string) bool {
	return strings.HasPrefix("true", word) || strings.HasPrefix("false", word) || strings.HasPrefix("null", word)
}

func isScalarChar(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.'
}

// replace puts with in the place of text[from:to].
func (m *jsonMasker) replace(from, to int, with, name string) {
	m.out = append(m.out, m.text[m.copied:from]...)
	m.out = append(m.out, with...)
	m.copied = to
	if !slices.Contains(m.names, name) {
		m.names = append(m.names, name)
	}
}
