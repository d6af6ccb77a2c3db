package render

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

// object writes JSON by appending. An empty key is that of an array element.
type object struct{ b []byte }

// key writes a key, and the comma before it. Keys need no escaping.
func (o *object) key(key string) {
	if c := o.b[len(o.b)-1]; c != '{' && c != '[' {
		o.b = append(o.b, ',')
	}
	if key != "" {
		o.b = append(append(append(o.b, '"'), key...), '"', ':')
	}
}

func (o *object) open(key string, bracket byte) {
	o.key(key)
	o.b = append(o.b, bracket)
}

func (o *object) close(bracket byte) { o.b = append(o.b, bracket) }

func (o *object) string(key, value string) {
	o.key(key)
	o.b = appendString(o.b, value)
}

// optional writes value unless it is empty.
func (o *object) optional(key, value string) {
	if value != "" {
		o.string(key, value)
	}
}

// flag writes true, or nothing.
func (o *object) flag(key string, value bool) {
	if value {
		o.key(key)
		o.b = append(o.b, "true"...)
	}
}

func (o *object) int(key string, value int64) {
	o.key(key)
	o.b = strconv.AppendInt(o.b, value, 10)
}

func (o *object) float(key string, value float64) {
	o.key(key)
	o.b = strconv.AppendFloat(o.b, value, 'f', -1, 64)
}

// time writes a moment in UTC, always with nine decimals, so that the text
// sorts as the moments do.
func (o *object) time(key string, t time.Time) {
	o.key(key)
	o.b = t.UTC().AppendFormat(append(o.b, '"'), "2006-01-02T15:04:05.000000000Z")
	o.b = append(o.b, '"')
}

// strings writes a list, unless it is empty.
func (o *object) strings(key string, list []string) {
	if len(list) == 0 {
		return
	}
	o.open(key, '[')
	for _, s := range list {
		o.string("", s)
	}
	o.close(']')
}

// fields writes fields as pairs, in their order.
func (o *object) fields(key string, fields []wire.Field) {
	o.open(key, '[')
	for _, f := range fields {
		o.open("", '[')
		o.string("", f.Name)
		o.string("", f.Value)
		o.close(']')
	}
	o.close(']')
}

// data writes bytes as text, or as base64 if they are not UTF-8. A character
// that the cut of truncated data split is left out of the text.
func (o *object) data(textKey, base64Key string, b []byte, truncated bool) {
	whole := b
	if truncated {
		whole = trimPartial(b)
	}
	if utf8.Valid(whole) {
		o.key(textKey)
		o.b = appendString(o.b, whole)
		return
	}
	o.key(base64Key)
	o.b = append(o.b, '"')
	o.b = base64.StdEncoding.AppendEncode(o.b, b)
	o.b = append(o.b, '"')
}

// trimPartial returns b without the beginning of a character at its end.
func trimPartial(b []byte) []byte {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}

// appendString appends s as a JSON string. What could drive a terminal is
// escaped, which means the same. Text that is not UTF-8 is read as Latin-1, as
// field values once were defined (RFC 9110, section 5.5), so that no byte is
// lost.
func appendString[S ~string | ~[]byte](dst []byte, s S) []byte {
	dst = append(dst, '"')
	start, latin1 := len(dst), false
	for i := 0; i < len(s); {
		if n := plainRun(s[i:]); n > 0 {
			dst = append(dst, s[i:i+n]...)
			i += n
			continue
		}
		r, n := decode(s[i:])
		if latin1 {
			r, n = rune(s[i]), 1
		} else if r == utf8.RuneError && n <= 1 {
			dst, i, latin1 = dst[:start], 0, true
			continue
		}
		dst = appendRune(dst, r)
		i += n
	}
	return append(dst, '"')
}

// plainRun returns how many bytes at the start of s stand for themselves in
// a JSON string.
func plainRun[S ~string | ~[]byte](s S) int {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			return i
		}
	}
	return len(s)
}

// appendRune appends one character of a JSON string (RFC 8259, section 7).
func appendRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r == '\n':
		return append(dst, '\\', 'n')
	case r == '\r':
		return append(dst, '\\', 'r')
	case r == '\t':
		return append(dst, '\\', 't')
	case safe(r):
		return utf8.AppendRune(dst, r)
	case r > 0xffff:
		r -= 0x10000
		return appendHex4(appendHex4(dst, 0xd800+r>>10), 0xdc00+r&0x3ff)
	}
	return appendHex4(dst, r)
}

func appendHex4(dst []byte, r rune) []byte {
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// embeddable says whether b can stand in a line of JSON.
func embeddable(b []byte) bool { return utf8.Valid(b) && json.Valid(b) }

// appendCompactJSON appends valid JSON without the white space between its
// tokens; all else stays as it was sent, but what could drive a terminal.
func appendCompactJSON(dst, b []byte) []byte {
	for i := skipSpace(b, 0); i < len(b); i = skipSpace(b, i) {
		tok, end := lexJSON(b, i)
		if tok == tokInvalid || tok == tokEnd {
			return append(dst, b[i:]...)
		}
		for i < end {
			if n := cleanRun(b[i:end]); n > 0 {
				dst = append(dst, b[i:i+n]...)
				i += n
				continue
			}
			r, n := utf8.DecodeRune(b[i:end])
			dst = appendRune(dst, r)
			i += n
		}
	}
	return dst
}
