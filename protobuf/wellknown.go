package protobuf

import (
	"strconv"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// wellKnown appends a message in the form of its own that its type has. It returns
// false if there is none, or would not tell all that the message has.
func (w *walker) wellKnown(f *frame) bool {
	if f.typ == nil || f.typ.form == formObject || f.fault != "" || w.unknowns(f) > 0 {
		return false
	}
	switch f.typ.form {
	case formAny:
		return w.any(f)
	case formTimestamp:
		return w.timestamp(int64(w.get(f, 1).bits), int32(w.get(f, 2).bits))
	case formDuration:
		return w.duration(int64(w.get(f, 1).bits), int32(w.get(f, 2).bits))
	case formFieldMask:
		w.paths(f)
	case formWrapper:
		w.value(&f.typ.fields[0], w.get(f, 1))
	case formStruct, formList:
		return w.bare(f)
	case formValue:
		return w.dynamic(f)
	}
	return true
}

// timestamp appends a time of RFC 3339, if it is of a year of four digits.
func (w *walker) timestamp(seconds int64, nanos int32) bool {
	const first, last = -62135596800, 253402300799
	if seconds < first || seconds > last || nanos < 0 || nanos >= 1e9 {
		return false
	}
	b := time.Unix(seconds, 0).UTC().AppendFormat(append(w.out.B, '"'), "2006-01-02T15:04:05")
	w.out.B = append(appendFraction(b, int64(nanos)), `Z"`...)
	return true
}

// duration appends a number of seconds, if there are not too many.
func (w *walker) duration(seconds int64, nanos int32) bool {
	const most = 315_576_000_000
	if seconds < -most || seconds > most || nanos <= -1e9 || nanos >= 1e9 || seconds < 0 && nanos > 0 || seconds > 0 && nanos < 0 {
		return false
	}
	b := append(w.out.B, '"')
	if seconds < 0 || nanos < 0 {
		b, seconds, nanos = append(b, '-'), -seconds, -nanos
	}
	b = strconv.AppendInt(b, seconds, 10)
	w.out.B = append(appendFraction(b, int64(nanos)), `s"`...)
	return true
}

// appendFraction appends a number of nanoseconds in as many groups of three digits as
// it needs.
func appendFraction(b []byte, nanos int64) []byte {
	digits := 9
	for digits > 0 && nanos%1000 == 0 {
		nanos /= 1000
		digits -= 3
	}
	if digits == 0 {
		return b
	}
	return jsontext.AppendDecimals(append(b, '.'), nanos, digits)
}
