package render

import (
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// object writes what is in events.
type object struct {
	jsontext.Writer
	second int64  // since 1970, which was written last
	date   []byte // its text
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

// data writes bytes as text, or as base64 if they are not UTF-8. A character
// that the cut of truncated data split is left out of the text.
func (o *object) data(textKey, base64Key string, b []byte, truncated bool) {
	text := b
	if truncated {
		text, _ = jsontext.TrimPartial(b)
	}
	before := len(o.B)
	o.Key(textKey)
	var ok bool
	if o.B, ok = jsontext.AppendString(o.B, text); !ok {
		o.B = o.B[:before]
		o.Base64(base64Key, b)
	}
}
