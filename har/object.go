package har

import (
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// object writes JSON by appending.
type object struct{ jsontext.Writer }

// newObject returns an object that goes on behind begin.
func newObject(begin string) *object {
	return &object{jsontext.Writer{B: []byte(begin)}}
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

// moment writes a time as RFC 3339, in UTC with so many decimals that the text
// sorts as the moments do: six of them, or nine.
func (o *object) moment(key string, t time.Time, layout string) {
	o.Key(key)
	o.B = t.UTC().AppendFormat(append(o.B, '"'), layout)
	o.B = append(o.B, '"')
}

const (
	microTime = "2006-01-02T15:04:05.000000Z"
	nanoTime  = "2006-01-02T15:04:05.000000000Z"
)
