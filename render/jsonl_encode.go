package render

import (
	"encoding/base64"
	"math/bits"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

// object writes JSON by appending. An empty key is that of an array element.
type object struct {
	b      []byte
	second int64  // since 1970, which was written last
	date   []byte // its text
}

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
// sorts as the moments do. Many moments are in one second, whose text is kept.
func (o *object) time(key string, t time.Time) {
	o.key(key)
	if second := t.Unix(); second != o.second || o.date == nil {
		o.second, o.date = second, t.UTC().AppendFormat(o.date[:0], `"2006-01-02T15:04:05.`)
	}
	o.b = append(o.b, o.date...)
	nanos := [...]byte{'0', '0', '0', '0', '0', '0', '0', '0', '0', 'Z', '"'}
	for i, n := len(nanos)-3, t.Nanosecond(); n > 0; i, n = i-1, n/10 {
		nanos[i] += byte(n % 10)
	}
	o.b = append(o.b, nanos[:]...)
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

// json writes a JSON value as it is. If b is none it writes nothing, and returns
// false.
func (o *object) json(key string, b []byte) (ok bool) {
	before := len(o.b)
	o.key(key)
	if o.b, ok = appendCompactJSON(o.b, b); !ok {
		o.b = o.b[:before]
	}
	return ok
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
	start, done, latin1 := len(dst), 0, false // s[done:i] stands for itself
	for i := 0; ; {
		i += plainRun(s[i:])
		if i == len(s) {
			return append(append(dst, s[done:]...), '"')
		}
		dst = append(dst, s[done:i]...)
		if c := s[i]; c == '"' || c == '\\' {
			dst = append(dst, '\\')
			done = i
			i++
			continue
		}
		r, n := decode(s[i:min(len(s), i+utf8.UTFMax)])
		if latin1 {
			r, n = rune(s[i]), 1
		} else if r == utf8.RuneError && n <= 1 {
			dst, i, done, latin1 = dst[:start], 0, 0, true
			continue
		}
		dst = appendRune(dst, r)
		i += n
		done = i
	}
}

// plainRun returns how many bytes at the start of s stand for themselves in
// a JSON string. It looks at eight at once: what is done to each cannot change
// whether one before it is found.
func plainRun[S ~string | ~[]byte](s S) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, back, del := x^'"'*each, x^'\\'*each, x^0x7f*each
		if found := (x | (x-' '*each)&^x | (quote-each)&^quote | (back-each)&^back | (del-each)&^del) & high; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			break
		}
	}
	return i
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
