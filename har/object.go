package har

import (
	"encoding/base64"
	"strconv"
	"time"
	"unicode/utf8"
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

// raw writes a value that is JSON already.
func (o *object) raw(key, json string) {
	o.key(key)
	o.b = append(o.b, json...)
}

func (o *object) string(key, value string) {
	o.key(key)
	o.b, _ = appendString(o.b, value)
}

// text writes bytes as a string.
func (o *object) text(key string, value []byte) {
	o.key(key)
	o.b, _ = appendString(o.b, value)
}

// optional writes value unless it is empty.
func (o *object) optional(key, value string) {
	if value != "" {
		o.string(key, value)
	}
}

// exact writes value so that it can be read back byte by byte: under another
// key if it is not UTF-8, since appendString changes it then.
func (o *object) exact(key, value string) {
	if !utf8.ValidString(value) {
		key += latin1Suffix
	}
	o.string(key, value)
}

// latin1Suffix ends the keys of strings whose characters stand for the bytes
// of what was not UTF-8.
const latin1Suffix = "_latin1"

// flag writes true, or nothing.
func (o *object) flag(key string, value bool) {
	if value {
		o.raw(key, "true")
	}
}

func (o *object) int(key string, value int64) {
	o.key(key)
	o.b = strconv.AppendInt(o.b, value, 10)
}

// count writes value unless it is 0.
func (o *object) count(key string, value int64) {
	if value != 0 {
		o.int(key, value)
	}
}

// base64 writes bytes.
func (o *object) base64(key string, b []byte) {
	o.key(key)
	o.b = append(o.b, '"')
	o.b = base64.StdEncoding.AppendEncode(o.b, b)
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

// millis writes a duration in milliseconds, to the nanosecond.
func (o *object) millis(key string, d time.Duration) {
	o.key(key)
	o.b = strconv.AppendInt(o.b, int64(d/time.Millisecond), 10)
	if rest := int64(d % time.Millisecond); rest != 0 {
		o.b = append(o.b, '.')
		o.b = appendDecimals(o.b, rest, 6)
		for o.b[len(o.b)-1] == '0' {
			o.b = o.b[:len(o.b)-1]
		}
	}
}

// epoch writes a moment as seconds since 1970, to the nanosecond, as browsers
// write the times of WebSocket messages.
func (o *object) epoch(key string, t time.Time) {
	o.key(key)
	sec, nsec := t.Unix(), int64(t.Nanosecond())
	if sec < 0 {
		sec, nsec = 0, 0
	}
	o.b = strconv.AppendInt(o.b, sec, 10)
	o.b = append(o.b, '.')
	o.b = appendDecimals(o.b, nsec, 9)
}

// appendDecimals appends n with leading zeros in a field of so many digits.
func appendDecimals(dst []byte, n int64, digits int) []byte {
	for range digits {
		dst = append(dst, '0')
	}
	for i := len(dst) - 1; n > 0; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}

// moment writes a time as RFC 3339, in UTC with so many decimals that the text
// sorts as the moments do: six of them, or nine.
func (o *object) moment(key string, t time.Time, layout string) {
	o.key(key)
	o.b = t.UTC().AppendFormat(append(o.b, '"'), layout)
	o.b = append(o.b, '"')
}

const (
	microTime = "2006-01-02T15:04:05.000000Z"
	nanoTime  = "2006-01-02T15:04:05.000000000Z"
)
