package protobuf

import (
	"math"
	"strconv"

	"github.com/socktrace/socktrace/internal/protowire"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// value appends a value of a field.
func (w *walker) value(f *field, v value) {
	switch f.kind {
	case kindMessage, kindGroup:
		w.nested(f.message, v.body)
	case kindString:
		w.out.B, _ = jsontext.AppendString(w.out.B, v.body)
	case kindBytes:
		if v.bits > 0 { // most of them are not here
			w.begins(v.body, int64(v.bits))
		} else {
			w.bytes(f.bytes, v.body)
		}
	case kindEnum:
		w.enum(f, int32(v.bits))
	default:
		w.number(f.kind, v.bits)
	}
}

// enum appends a value of an enumeration: its name, or its number if it has none.
func (w *walker) enum(f *field, n int32) {
	switch name, known := f.enum[n]; {
	case f.typeName == "google.protobuf.NullValue":
		w.out.B = append(w.out.B, "null"...)
	case known:
		w.out.B = append(append(append(w.out.B, '"'), name...), '"')
	default:
		w.out.B = strconv.AppendInt(w.out.B, int64(n), 10)
	}
}

// number appends a number or truth value. Those of 64 bits are strings (ProtoJSON
// Format, "int64").
func (w *walker) number(k kind, bits uint64) {
	b := w.out.B
	switch k {
	case kindBool:
		b = strconv.AppendBool(b, bits != 0)
	case kindInt32, kindSfixed32:
		b = strconv.AppendInt(b, int64(int32(bits)), 10)
	case kindSint32:
		b = strconv.AppendInt(b, int64(int32(protowire.DecodeZigZag(bits&math.MaxUint32))), 10)
	case kindUint32, kindFixed32:
		b = strconv.AppendUint(b, uint64(uint32(bits)), 10)
	case kindInt64, kindSfixed64:
		b = append(strconv.AppendInt(append(b, '"'), int64(bits), 10), '"')
	case kindSint64:
		b = append(strconv.AppendInt(append(b, '"'), protowire.DecodeZigZag(bits), 10), '"')
	case kindUint64, kindFixed64:
		b = append(strconv.AppendUint(append(b, '"'), bits, 10), '"')
	case kindFloat:
		b = appendFloat(b, float64(math.Float32frombits(uint32(bits))), 32)
	case kindDouble:
		b = appendFloat(b, math.Float64frombits(bits), 64)
	}
	w.out.B = b
}

// appendFloat appends a number of floating point, in the fewest digits that tell it.
func appendFloat(b []byte, x float64, size int) []byte {
	switch {
	case math.IsNaN(x):
		return append(b, `"NaN"`...)
	case math.IsInf(x, 1):
		return append(b, `"Infinity"`...)
	case math.IsInf(x, -1):
		return append(b, `"-Infinity"`...)
	case x != 0 && (math.Abs(x) < 1e-6 || math.Abs(x) >= 1e21):
		return strconv.AppendFloat(b, x, 'e', -1, size)
	}
	return strconv.AppendFloat(b, x, 'f', -1, size)
}
