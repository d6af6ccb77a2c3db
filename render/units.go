package render

import (
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/units"
)

// appendDuration appends d as it is shown everywhere.
func appendDuration(dst []byte, d time.Duration) []byte { return units.AppendDuration(dst, d) }

// Size returns a number of bytes as it is shown everywhere.
func Size(n int64) string { return units.Size(n) }

// appendSize appends a number of bytes as it is shown everywhere.
func appendSize(dst []byte, n int64) []byte { return units.AppendSize(dst, n) }

// clock is the layout of clock times.
const clock = "15:04:05.000"

// clockText makes clock times. Many are in one second, whose text is kept.
type clockText struct {
	second int64 // since 1970
	text   []byte
}

// at returns the clock time of t in zone, which is always the same. It is valid
// until the next call.
func (c *clockText) at(t time.Time, zone *time.Location) []byte {
	const millis = len("000")
	if second := t.Unix(); second != c.second || c.text == nil {
		c.second, c.text = second, t.In(zone).AppendFormat(c.text[:0], clock)
	}
	c.text = jsontext.AppendDecimals(c.text[:len(c.text)-millis], int64(t.Nanosecond()/1e6), millis)
	return c.text
}
