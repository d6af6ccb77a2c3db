package content

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// JSON splits a body into JSON values: one document, or a stream of them behind
// each other, on lines of their own, or after record separators (RFC 7464). A
// value is sent the moment its last byte arrives. It finds the borders of values
// by their brackets and strings; whether what is between them is valid JSON is
// for the reader to see.
type JSON struct {
	limits   Limits
	borders  jsontext.Scanner
	in       bool         // within a value
	full     bool         // buf takes no more of this value
	pos      int64        // bytes of the body so far
	start    int64        // of the value, in the body
	size     int64        // bytes of the value so far
	from, to window.Place // of the value so far
	buf      []byte       // beginning of the value, if it is in pieces and the body does not keep all of it

	typed  media.Type           // of the body, while it is in doubt
	other  func(*JSON) *sniffer // looks at what does not begin as JSON
	doubts bool                 // nothing has come yet that is certainly JSON
	first  [1]byte              // of the value, while it is in doubt
	tail   bool                 // text stood before it, and may stand behind it
	part   bool                 // it is part of a body
}

// Reset makes j ready for another body. Most bodies are JSON, so its memory is
// used again.
func (j *JSON) Reset(l Limits) { *j = JSON{limits: l} }

func (j *JSON) Write(out Out, at window.Place, b []byte) {
	if j.doubts && j.in {
		if j.doubts = false; b[0] == 0 {
			j.look(out, at, b)
			return
		}
	}
	for i := 0; i < len(b); {
		if !j.in {
			if jsontext.IsSeparator(b[i]) {
				i++
				continue
			}
			if j.doubts && doubtful(b[i:]) {
				j.pos += int64(i)
				j.look(out, at.Plus(i), b[i:])
				return
			}
			if !jsontext.StartsValue(b[i]) {
				j.giveUp(out, at.Plus(i), b[i:])
				return
			}
			j.in, j.start, j.from = true, j.pos+int64(i), at.Plus(i)
			if j.doubts {
				j.first[0], j.doubts = b[i], i+1 == len(b)
			}
		}
		n, end := j.borders.Skip(b[i:])
		j.size += int64(n)
		if n > 0 {
			j.to = at.Plus(i + n - 1)
		}
		j.piece(out, b[i:i+n], end)
		i += n
	}
	j.pos += int64(len(b))
}

// doubtful says whether b may begin something else than JSON: another charset, a
// text, a script.
func doubtful(b []byte) bool {
	switch b[0] {
	case '{', '[', '"', '-', 'n':
		return len(b) > 1 && b[1] == 0
	}
	return b[0] < '0' || b[0] > '9'
}

// look has b, and the bracket before it if one has come, looked at as what it is.
func (j *JSON) look(out Out, at window.Place, b []byte) {
	from, first, in := j.from, j.first, j.in
	if in {
		j.pos--
	}
	s := j.other(j)
	if in {
		s.Add(from, first[:])
	}
	out.Become(s)
	s.Write(out, at, b)
}

// piece takes another piece of the value, which may end with it.
func (j *JSON) piece(out Out, b []byte, end bool) {
	if end && j.size == int64(len(b)) {
		j.send(out, b)
		return
	}
	kept := out.Kept()
	j.keep(kept, b)
	if end {
		j.send(out, j.value(kept))
	}
}

// keep takes another piece of the value. What the body keeps is not kept twice.
func (j *JSON) keep(kept, b []byte) {
	if j.full || j.limits.Message == 0 || j.start+j.size <= int64(len(kept)) {
		return
	}
	if before := j.size - int64(len(b)); before > 0 && len(j.buf) == 0 { // until now the body has kept it
		j.append(kept[j.start : j.start+before])
	}
	j.append(b)
}

// append appends what the bounds allow of b to buf.
func (j *JSON) append(b []byte) {
	n := min(len(b), j.limits.Message-len(j.buf))
	if j.full || j.limits.Account.Take(n) < n {
		j.full = true
		return
	}
	j.buf = append(j.limits.Account.Grow(j.buf, n, j.limits.Message, true), b[:n]...)
}

// value returns what was kept of a value in pieces.
func (j *JSON) value(kept []byte) []byte {
	if len(j.buf) > 0 {
		return j.buf
	}
	kept = kept[min(j.start, int64(len(kept))):]
	return kept[:min(j.size, int64(len(kept)))]
}

// reset makes ready for the next value.
func (j *JSON) reset() {
	j.limits.Account.Give(len(j.buf))
	*j = JSON{limits: j.limits, buf: j.limits.Account.Reuse(j.buf), pos: j.pos, tail: j.tail, part: j.part}
}

// send sends the value.
func (j *JSON) send(out Out, data []byte) {
	data = data[:min(len(data), j.limits.Message)]
	cut := int64(len(data)) < j.size
	if !cut {
		out.Document(data)
	}
	j.unit(out, data, cut)
}

// unit sends data as what was kept of the value.
func (j *JSON) unit(out Out, data []byte, cut bool) {
	out.Send(Unit{Kind: wire.KindJSON, From: j.from, To: j.to, Data: data, Size: j.size, Cut: cut})
	j.reset()
}

// Close is the end of the body, maybe within a value, or behind a scalar, whose
// end is nothing else.
func (j *JSON) Close(out Out, how End) {
	if j.in {
		from, scalar := j.from, j.borders.InScalar()
		data := j.value(out.Kept())
		if scalar {
			j.send(out, data)
		} else {
			j.unit(out, data[:min(len(data), j.limits.Message)], true)
		}
		if !scalar && how == Ended {
			out.Anomaly(from.Off, anomaly.BadJSON, "the body ends within a value")
		}
	}
	j.free()
}

// free leaves the buffer to others: idle connections hold nothing.
func (j *JSON) free() {
	j.limits.Account.Free(j.buf)
	j.buf = nil
}

// giveUp reports that b is not JSON, and shows the rest of the body as text.
func (j *JSON) giveUp(out Out, at window.Place, b []byte) {
	if !j.tail {
		out.Anomaly(at.Off, anomaly.BadJSON, "a value cannot begin with "+quoteByte(b))
	}
	j.free()
	text := newText(j.part)
	out.Become(text)
	text.Write(out, at, b)
}
