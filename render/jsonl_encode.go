package render

import (
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// object writes what is in events.
type object struct {
	jsontext.Writer
	second int64    // since 1970, which was written last
	date   []byte   // its text
	latin1 []string // the properties of the event that are read as Latin-1
}

// time writes a moment.
func (o *object) time(key string, t time.Time) {
	o.Key(key)
	o.moment(o.B, t)
}

// moment appends a moment in UTC to b, always with nine decimals, so that the
// text sorts as the moments do. Many moments are in one second, whose text is
// kept.
func (o *object) moment(b []byte, t time.Time) {
	if second := t.Unix(); second != o.second || o.date == nil {
		o.second, o.date = second, t.UTC().AppendFormat(o.date[:0], `"2006-01-02T15:04:05.`)
	}
	b = jsontext.AppendDecimals(append(b, o.date...), int64(t.Nanosecond()), 9)
	o.B = append(b, 'Z', '"')
}

// fields writes fields as pairs, in their order.
func (o *object) fields(key string, fields []wire.Field) {
	o.Open(key, '[')
	for i := range fields {
		o.Pair(fields[i].Name, fields[i].Value)
	}
	o.Close(']')
}

// sent writes text as it was sent. What is not UTF-8 is read as Latin-1, and
// noted: a reader cannot tell it from UTF-8 otherwise.
func (o *object) sent(key, value string) {
	o.Key(key)
	var ok bool
	if o.B, ok = jsontext.AppendString(o.B, value); !ok {
		o.latin1 = append(o.latin1, key)
	}
}

// sentOptional is sent unless value is empty.
func (o *object) sentOptional(key, value string) {
	if value != "" {
		o.sent(key, value)
	}
}

// dataKeys are the names of properties that hold bytes: as text, as base64 if
// they are not UTF-8, and the beginning of a character at their end.
type dataKeys struct{ text, base64, rest string }

var (
	messageKeys = dataKeys{"text", "base64", "rest_base64"}
	bodyKeys    = dataKeys{"body", "body_base64", "rest_base64"}
)

// data writes bytes as text, or as base64 if they are not UTF-8. A character
// that the cut of truncated data split is left out of the text.
func (o *object) data(keys *dataKeys, b []byte, truncated bool) {
	text := b
	var rest []byte
	if truncated {
		text, rest = jsontext.TrimPartial(b)
	}
	before := len(o.B)
	o.Key(keys.text)
	var ok bool
	if o.B, ok = jsontext.AppendString(o.B, text); !ok {
		o.B = o.B[:before]
		o.Base64(keys.base64, b)
		return
	}
	if len(rest) > 0 {
		o.Base64(keys.rest, rest)
	}
}
