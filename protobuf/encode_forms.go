package protobuf

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/protowire"
)

// wellKnown appends a message that has a form of its own. It returns false if doc has the
// form of others.
func (e *encoder) wellKnown(t *Type, doc []byte) (is bool, err error) {
	object := doc[0] == '{'
	switch t.form {
	case formAny:
		return e.any(doc)
	case formTimestamp:
		if object {
			return false, nil
		}
		at, err := time.Parse(time.RFC3339Nano, unquoted(doc))
		e.moment(at.Unix(), int64(at.Nanosecond()))
		return true, err
	case formDuration:
		if object {
			return false, nil
		}
		return true, e.duration(strings.TrimSuffix(unquoted(doc), "s"))
	case formFieldMask:
		for path := range strings.SplitSeq(unquoted(doc), ",") {
			e.out = protowire.AppendBytes(e.out, 1, snake(path))
		}
	case formWrapper:
		return true, e.put(&t.fields[0], doc)
	case formStruct, formList:
		return true, e.put(&t.fields[0], doc)
	case formValue:
		return true, e.dynamic(t, doc)
	}
	return true, nil
}

// moment appends the fields of a time, or of a duration.
func (e *encoder) moment(seconds, nanos int64) {
	for i, n := range []int64{seconds, nanos} {
		if n != 0 {
			e.out = protowire.AppendVarint(e.out, protowire.Number(i+1), uint64(n))
		}
	}
}

// duration appends a number of seconds.
func (e *encoder) duration(text string) error {
	whole, part, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	nanos, partErr := strconv.ParseInt((part + "000000000")[:9], 10, 64)
	if strings.HasPrefix(text, "-") {
		nanos = -nanos
	}
	e.moment(seconds, nanos)
	return errors.Join(err, partErr)
}

// snake returns a path of a FieldMask as it is on the wire.
func snake(path string) string {
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; 'A' <= c && c <= 'Z' {
			b.WriteString("_" + string(c-'A'+'a'))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// dynamic appends a Value: the one of its fields that JSON of that kind is.
func (e *encoder) dynamic(t *Type, doc []byte) error {
	number := map[byte]int32{'n': 1, '"': 3, 't': 4, 'f': 4, '{': 5, '[': 6}[doc[0]]
	if number == 0 {
		number = 2
	}
	f := t.field(number)
	if f == nil {
		return errPart
	}
	return e.put(f, doc)
}

// any appends an Any; false if doc has not the form of one.
func (e *encoder) any(doc []byte) (is bool, err error) {
	var url, value []byte
	for name, v := range jsontext.Members(doc) {
		switch string(name) {
		case `"@type"`:
			url, is = jsontext.Unquote(v)
		case `"value"`:
			value = v
		}
	}
	if !is {
		return false, nil
	}
	e.out = protowire.AppendBytes(e.out, 1, url)
	t := e.schema.Named(string(url[bytes.LastIndexByte(url, '/')+1:]))
	switch {
	case t != nil && t.form == formObject:
		return true, e.inner(2, func() error { return e.nested(t, doc) })
	case value == nil:
		return true, nil
	case t != nil:
		return true, e.inner(2, func() error { return e.nested(t, value) })
	}
	return true, e.inner(2, func() error { return e.inAny(string(url), value) })
}

// inAny appends what an Any holds whose type is not known: a message, if it has no other names
// than those of unknown fields, or a document.
func (e *encoder) inAny(url string, v []byte) error {
	if _, text := jsontext.Unquote(v); text || isBeginning(v) {
		return e.bytes(contentSecret, v)
	}
	from := len(e.out)
	if v[0] == '{' && e.nested(nil, v) == nil {
		return nil
	}
	e.out = append(e.out[:from], withoutTexts(url, v)...)
	return nil
}

// withoutTexts returns the document of an Any with that in base64 of which withTexts has made text.
func withoutTexts(url string, doc []byte) []byte {
	member := documents[url[strings.LastIndexByte(url, '/')+1:]]
	before, value, ok := bytes.Cut(doc, []byte(`"`+member+`":"`))
	if member == "" || !ok {
		return doc
	}
	end := 0
	for end < len(value) && value[end] != '"' {
		if value[end] == '\\' {
			end++
		}
		end++
	}
	text, ok := jsontext.Unquote(append([]byte{'"'}, value[:min(end+1, len(value))]...))
	if !ok {
		return doc
	}
	out := append(bytes.Clone(before), `"`+member+`":"`...)
	out = base64.StdEncoding.AppendEncode(out, text)
	return append(out, value[end:]...)
}
