// Package units writes durations and sizes as people read them, and reads sizes as they type them.
package units

import (
	"strconv"
	"time"
)

// Duration returns d as AppendDuration writes it.
func Duration(d time.Duration) string { return string(AppendDuration(nil, d)) }

// AppendDuration appends d as "0.42 ms", "182.4 ms", "1.234 s", "12.35 s",
// "2m05s" or "26h03m": at least two digits that mean something, never more
// than nine columns.
func AppendDuration(dst []byte, d time.Duration) []byte {
	if d < 0 {
		dst, d = append(dst, '-'), -d
	}
	decimal := func(unit time.Duration, digits int, name string) []byte {
		return append(strconv.AppendFloat(dst, float64(d)/float64(unit), 'f', digits, 64), name...)
	}
	switch {
	case d < 9995*time.Microsecond:
		return decimal(time.Millisecond, 2, " ms")
	case d < 999950*time.Microsecond:
		return decimal(time.Millisecond, 1, " ms")
	case d < 9999500*time.Microsecond:
		return decimal(time.Second, 3, " s")
	case d < 59995*time.Millisecond:
		return decimal(time.Second, 2, " s")
	}
	return AppendLong(dst, d)
}

// AppendLong appends d, about a minute or longer, as "2m05s" or "26h03m".
func AppendLong(dst []byte, d time.Duration) []byte {
	if d < time.Hour {
		d = d.Round(time.Second)
		return appendTwo(dst, int64(d/time.Minute), 'm', int64(d%time.Minute/time.Second), 's')
	}
	d = d.Round(time.Minute)
	return appendTwo(dst, int64(d/time.Hour), 'h', int64(d%time.Hour/time.Minute), 'm')
}

// appendTwo appends a count of large units and one of small units, the latter
// with two digits.
func appendTwo(dst []byte, large int64, unit1 byte, small int64, unit2 byte) []byte {
	dst = append(strconv.AppendInt(dst, large, 10), unit1)
	return append(dst, byte('0'+small/10), byte('0'+small%10), unit2)
}

// Size returns a number of bytes as it is shown everywhere.
func Size(n int64) string { return string(AppendSize(nil, n)) }

// ExactBelow is the size from which bytes are rounded to larger units.
const ExactBelow = 100_000

// AppendSize appends a number of bytes as "1806 B", "182.4 kB", "1.2 MB": exact
// while it is short, then in the decimal units that Docker uses as well.
func AppendSize(dst []byte, n int64) []byte {
	if n < ExactBelow {
		return append(strconv.AppendInt(dst, n, 10), " B"...)
	}
	v, units := float64(n)/1000, "kMGTPE"
	for v >= 999.95 {
		v, units = v/1000, units[1:]
	}
	dst = strconv.AppendFloat(dst, v, 'f', 1, 64)
	return append(dst, ' ', units[0], 'B')
}
