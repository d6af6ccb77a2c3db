package render

import (
	"strconv"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/units"
)

// appendBrief appends d in about three digits that mean something: "0.42 ms",
// "27.8 ms", "963 ms", "1.23 s", "5.0 s", "2m05s" or "26h03m". It takes more than
// seven columns only if d is negative, or many days.
func appendBrief(dst []byte, d time.Duration) []byte {
	if d < 0 {
		dst, d = append(dst, '-'), -d
	}
	switch {
	case d < 9995*time.Microsecond:
		return append(appendHundredths(dst, d, time.Millisecond), " ms"...)
	case d < 99950*time.Microsecond:
		return append(appendTenths(dst, d, time.Millisecond), " ms"...)
	case d < 999500*time.Microsecond:
		return append(strconv.AppendInt(dst, d.Round(time.Millisecond).Milliseconds(), 10), " ms"...)
	case d < 4995*time.Millisecond:
		return append(appendHundredths(dst, d, time.Second), " s"...)
	case d < 59950*time.Millisecond:
		return append(appendTenths(dst, d, time.Second), " s"...)
	}
	return units.AppendLong(dst, d)
}

// appendTenths appends d in a unit, rounded to tenths of it.
func appendTenths(dst []byte, d, unit time.Duration) []byte {
	n := int64((d + unit/20) / (unit / 10))
	return append(strconv.AppendInt(dst, n/10, 10), '.', byte('0'+n%10))
}

// appendHundredths appends d in a unit, rounded to hundredths of it.
func appendHundredths(dst []byte, d, unit time.Duration) []byte {
	n := int64((d + unit/200) / (unit / 100))
	return jsontext.AppendDecimals(append(strconv.AppendInt(dst, n/100, 10), '.'), n%100, 2)
}
