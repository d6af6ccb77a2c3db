package har

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// object writes JSON by appending. What is the same in most entries is written as a
// whole: keys with what stands around them, and what the last entry had.
type object struct {
	jsontext.Writer
	clock clock
	host  hostMemory
}

// newObject returns an object that goes on behind begin.
func newObject(begin string) *object {
	return &object{Writer: jsontext.Writer{B: []byte(begin)}}
}

// put writes JSON as it is.
func (o *object) put(json string) { o.B = append(o.B, json...) }

// putString writes a string behind JSON that ends where a value begins.
func (o *object) putString(json, value string) {
	o.B, _ = jsontext.AppendString(append(o.B, json...), value)
}

// putInt writes a whole number behind such JSON.
func (o *object) putInt(json string, value int64) {
	o.B = strconv.AppendInt(append(o.B, json...), value, 10)
}

// exact writes value so that it can be read back byte by byte: under another
// key if it is not UTF-8, since String changes it then.
func (o *object) exact(key, value string) {
	if !utf8.ValidString(value) {
		key += latin1Suffix
	}
	o.String(key, value)
}

// latin1Suffix ends the keys of strings whose characters stand for the bytes
// of what was not UTF-8.
const latin1Suffix = "_latin1"

// fromLatin1 returns the bytes that the characters of s stand for. Characters
// that stand for none are left as they are.
func fromLatin1(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// epoch writes a moment as seconds since 1970, to the nanosecond, as browsers
// write the times of WebSocket messages.
func (o *object) epoch(key string, t time.Time) {
	sec, nsec := t.Unix(), int64(t.Nanosecond())
	if sec < 0 {
		sec, nsec = 0, 0
	}
	o.Int(key, sec)
	o.B = jsontext.AppendDecimals(append(o.B, '.'), nsec, 9)
}

// moment writes a time as RFC 3339, in UTC with so many decimals of a second, six or
// nine, that the text sorts as the moments do.
func (o *object) moment(key string, t time.Time, decimals int) {
	o.Key(key)
	o.B = append(o.clock.append(append(o.B, '"'), t, decimals), '"')
}

// How many decimals of a second times have.
const (
	micros = 6
	nanos  = 9
)

// clock writes times, most of which are in the same second as the one before.
type clock struct {
	second int64  // since 1970
	text   []byte // of it; empty: there was none
}

// append appends t as RFC 3339, with so many decimals of a second, at most nine.
func (c *clock) append(dst []byte, t time.Time, decimals int) []byte {
	if second := t.Unix(); second != c.second || len(c.text) == 0 {
		c.second, c.text = second, t.UTC().AppendFormat(c.text[:0], "2006-01-02T15:04:05")
	}
	part := int64(t.Nanosecond())
	for range nanos - decimals {
		part /= 10
	}
	dst = append(append(dst, c.text...), '.')
	return append(jsontext.AppendDecimals(dst, part, decimals), 'Z')
}
