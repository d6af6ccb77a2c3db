package jsontext

import (
	"encoding/base64"
	"slices"
	"strconv"
	"time"
)

// Writer writes JSON to the end of B, which must not be empty when the first
// member or element comes: what it ends with tells whether a comma is needed.
// An empty key is that of an element of an array.
type Writer struct {
	B       []byte
	grammar Grammar // memory for JSON
}

// Key writes a key, and the comma before it. Keys are not escaped.
func (w *Writer) Key(key string) {
	b := slices.Grow(w.B, len(key)+4)
	n := len(b)
	b = b[:n+len(key)+4]
	if c := b[n-1]; c != '{' && c != '[' {
		b[n] = ','
		n++
	}
	if key != "" {
		b[n] = '"'
		n += 1 + copy(b[n+1:], key)
		b[n], b[n+1] = '"', ':'
		n += 2
	}
	w.B = b[:n]
}

// Open begins an object or array.
func (w *Writer) Open(key string, bracket byte) {
	w.Key(key)
	w.B = append(w.B, bracket)
}

// Close ends it.
func (w *Writer) Close(bracket byte) { w.B = append(w.B, bracket) }

// Raw writes a value that is JSON already.
func (w *Writer) Raw(key, json string) {
	w.Key(key)
	w.B = append(w.B, json...)
}

// Word writes a string that needs no escaping.
func (w *Writer) Word(key, value string) {
	w.Key(key)
	b := append(w.B, '"')
	b = append(b, value...)
	w.B = append(b, '"')
}

// String writes a string: see AppendString.
func (w *Writer) String(key, value string) {
	w.Key(key)
	w.B, _ = AppendString(w.B, value)
}

// Text writes bytes as a string.
func (w *Writer) Text(key string, value []byte) {
	w.Key(key)
	w.B, _ = AppendString(w.B, value)
}

// Pair writes an array of two strings, which is an element of an array.
func (w *Writer) Pair(x, y string) {
	w.Open("", '[')
	if len(x) > shortString || len(y) > shortString || !allPlain(x) || !allPlain(y) {
		w.String("", x)
		w.String("", y)
		w.Close(']')
		return
	}
	b := slices.Grow(w.B, len(x)+len(y)+6)
	n := len(b)
	b = b[:n+len(x)+len(y)+6]
	b[n] = '"'
	n += 1 + copy(b[n+1:], x)
	b[n], b[n+1], b[n+2] = '"', ',', '"'
	n += 3 + copy(b[n+3:], y)
	b[n], b[n+1] = '"', ']'
	w.B = b
}

// Optional writes value unless it is empty.
func (w *Writer) Optional(key, value string) {
	if value != "" {
		w.String(key, value)
	}
}

// Strings writes a list, unless it is empty.
func (w *Writer) Strings(key string, list []string) {
	if len(list) == 0 {
		return
	}
	w.Open(key, '[')
	for _, s := range list {
		w.String("", s)
	}
	w.Close(']')
}

// Base64 writes bytes as a string that is the base64 of them (RFC 4648,
// section 4).
func (w *Writer) Base64(key string, b []byte) {
	w.Key(key)
	w.B = append(w.B, '"')
	w.B = base64.StdEncoding.AppendEncode(w.B, b)
	w.B = append(w.B, '"')
}

// Flag writes true, or nothing.
func (w *Writer) Flag(key string, value bool) {
	if value {
		w.Raw(key, "true")
	}
}

// Int writes a whole number.
func (w *Writer) Int(key string, value int64) {
	w.Key(key)
	w.B = strconv.AppendInt(w.B, value, 10)
}

// Count writes value unless it is 0.
func (w *Writer) Count(key string, value int64) {
	if value != 0 {
		w.Int(key, value)
	}
}

// Millis writes a duration in milliseconds, to the nanosecond.
func (w *Writer) Millis(key string, d time.Duration) {
	w.Key(key)
	n := uint64(d)
	if d < 0 {
		w.B = append(w.B, '-')
		n = -n
	}
	const milli = uint64(time.Millisecond)
	w.B = strconv.AppendUint(w.B, n/milli, 10)
	if rest := n % milli; rest != 0 {
		w.B = AppendDecimals(append(w.B, '.'), int64(rest), 6)
		for w.B[len(w.B)-1] == '0' {
			w.B = w.B[:len(w.B)-1]
		}
	}
}

// AppendDecimals appends n, which is not negative, with zeros before it that
// make it so many digits, of which there are at most nine.
func AppendDecimals(dst []byte, n int64, digits int) []byte {
	text := [...]byte{'0', '0', '0', '0', '0', '0', '0', '0', '0'}
	for i := digits - 1; n > 0; i-- {
		text[i] += byte(n % 10)
		n /= 10
	}
	return append(dst, text[:digits]...)
}
