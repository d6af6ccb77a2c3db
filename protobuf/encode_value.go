package protobuf

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// unquoted returns a string without its quotes, and anything else as it stands there.
func unquoted(v []byte) string {
	if text, ok := jsontext.Unquote(v); ok {
		return string(text)
	}
	return string(v)
}

// bits returns a number, truth value or name of an enumeration as it is on the wire.
func (f *field) bits(v []byte) (uint64, error) {
	text := unquoted(v)
	switch f.kind {
	case kindBool:
		is, err := strconv.ParseBool(text)
		return map[bool]uint64{true: 1}[is], err
	case kindEnum:
		return f.enumBits(text)
	case kindUint32, kindFixed32, kindUint64, kindFixed64:
		return strconv.ParseUint(text, 10, 64)
	case kindFloat:
		x, err := strconv.ParseFloat(text, 32)
		return uint64(math.Float32bits(float32(x))), err
	case kindDouble:
		x, err := strconv.ParseFloat(text, 64)
		return math.Float64bits(x), err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if f.kind == kindSint32 || f.kind == kindSint64 {
		return uint64(n)<<1 ^ uint64(n>>63), err // zigzag
	}
	return uint64(n), err
}

// enumBits returns the value of an enumeration by its name, or its number.
func (f *field) enumBits(text string) (uint64, error) {
	for n, name := range f.enum {
		if name == text {
			return uint64(int64(n)), nil
		}
	}
	if text == "null" && f.typeName == "google.protobuf.NullValue" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("there is no %.40q", text)
	}
	return uint64(n), nil
}

// bytes appends what the bytes of a field are, of which c says how they are shown.
func (e *encoder) bytes(c content, v []byte) error {
	text, is := jsontext.Unquote(v)
	switch {
	case is && (c == contentText || c == contentFile):
		e.out = append(e.out, text...)
	case is && c == contentHex:
		e.out = appendOr(e.out, hex.AppendDecode, text)
	case is:
		e.out = appendOr(e.out, base64.StdEncoding.AppendDecode, text)
	case c == contentOp:
		return e.nested(e.schema.Named(opType), v)
	case isBeginning(v):
		return e.beginning(v)
	case c == contentUnknown:
		e.out = append(e.out, v...) // a document
	default:
		return errPart
	}
	return nil
}

// appendOr appends what text stands for in a code; text itself if it stands for nothing.
func appendOr(dst []byte, decode func([]byte, []byte) ([]byte, error), text []byte) []byte {
	if out, err := decode(dst, text); err == nil {
		return out
	}
	return append(dst, text...)
}

// isBeginning reports whether v stands for bytes of which the beginning is shown: see begins.
func isBeginning(v []byte) bool {
	if v[0] != '{' {
		return false
	}
	var names []string
	for name := range jsontext.Members(v) {
		names = append(names, string(name))
	}
	return len(names) == 2 && names[0] == `"size"` && names[1] == `"begins"`
}

// beginning appends bytes of which the beginning is shown, if that is all of them.
func (e *encoder) beginning(v []byte) error {
	size := int64(-1)
	start := len(e.out)
	for name, v := range jsontext.Members(v) {
		var err error
		if string(name) == `"size"` {
			size, err = strconv.ParseInt(unquoted(v), 10, 64)
		} else {
			e.out, err = base64.StdEncoding.AppendDecode(e.out, []byte(unquoted(v)))
		}
		if err != nil {
			return err
		}
	}
	if int64(len(e.out)-start) != size {
		return errPart
	}
	return nil
}

// anything appends what bytes are of which nothing is known: a message, text, or bytes.
func (e *encoder) anything(v []byte) error {
	text, is := jsontext.Unquote(v)
	switch {
	case isBeginning(v):
		return e.beginning(v)
	case !is:
		return e.nested(nil, v)
	case len(text) > 0 && text[len(text)-1] == '=':
		e.out = appendOr(e.out, base64.StdEncoding.AppendDecode, text)
	default:
		e.out = append(e.out, text...)
	}
	return nil
}
