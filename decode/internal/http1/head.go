package http1

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// head returns the head at the beginning of the window as a string, without
// taking it. If that is not all there, or is no head, it returns "" and what
// the state function has to return. A first line that is no start line ends the
// wait at once.
func (d *Decoder) head(s *side) (string, bool) {
	b := s.w.Bytes()
	if s.torn {
		return tornLines(s.dir, b), false
	}
	if !mayStart(s.dir, b) {
		d.wrong(s, nil, anomaly.NotHTTP, "begins with "+offending(s.dir, b))
		d.giveUp(s, 1) // the other side may have waited for this, however the bytes come
		return "", true
	}
	from := s.w.Searched()
	n, most := s.w.Head(), d.limit.Head-s.w.Gone()
	if (n == 0 || n > most) && !s.lineSeen {
		if i := bytes.IndexByte(b[from:], '\n'); i >= 0 {
			line, _, _ := nextLine(string(b[:from+i+1]))
			if !isStart(s.dir, line) {
				d.reject(s, line)
				return "", true
			}
			s.lineSeen = true
			if s.dir == wire.ToServer {
				r, _ := parseRequestLine(line)
				s.simple = r.version == ""
			}
		}
	}
	if n == 0 && s.simple && d.nothingFollows(s) {
		n = bytes.LastIndexByte(b, '\n') + 1
	}
	switch {
	case n > most, n == 0 && len(b) > most:
		d.wrong(s, nil, anomaly.HeadTooLarge, fmt.Sprintf("more than %d bytes", d.limit.Head))
		d.giveUp(s, min(max(most, 1), len(b)))
		return "", true
	case n > 0:
		return string(b[:n]), true
	case s.w.Ended():
		d.incomplete(s, nil, "the connection ended within a head")
		d.giveUp(s, len(b))
		return "", true
	}
	return "", false
}

// nothingFollows reports whether the request that s is in, and which has no
// version, is answered as it is: those of HTTP/0.9 are a line, without fields and
// an empty line.
func (d *Decoder) nothingFollows(s *side) bool {
	if s.w.Ended() {
		return true
	}
	o := d.other(s)
	waiting, _ := d.waiting()
	seen := s.w.TimeAt(s.w.Off() + int64(bytes.IndexByte(s.w.Bytes(), '\n')))
	return o.w.Ended() && o.w.Last().After(seen) ||
		waiting == nil && o.w.Len() > 0 && o.state == start && o.w.TimeAt(o.w.Off()).After(seen)
}

// lineFaults returns what is wrong with a start line.
func lineFaults(code, line string, odd, bare bool) (faults []fault) {
	if odd {
		faults = append(faults, newFault(0, code, line))
	}
	if bare {
		faults = append(faults, newFault(0, anomaly.BareLF, line))
	}
	return faults
}

// parseHead reads what is kept of the field lines of a head of x: see parseFields.
// Of what is only a part nobody knows where its faults are.
func (d *Decoder) parseHead(x *exchange, dir wire.Dir, k headKept, at int, known []fault) []fault {
	fields, faults := parseFields(k.lines, at, x.room[dir], known)
	if k.short {
		faults = known
	}
	x.fields[dir] = fields
	if d.env.Lends() {
		x.room[dir] = leave(fields)
	}
	return faults
}

// leave returns what the next head can use of the memory of fields.
func leave(fields []wire.Field) []wire.Field {
	if cap(fields) > maxRoom {
		return nil
	}
	return fields[:0]
}

// told returns fields as they are told.
func (d *Decoder) told(fields []wire.Field) []wire.Field {
	if d.env.Needs.Fields {
		return fields
	}
	return nil
}

// faults reports what is wrong with a head, each kind once.
func (d *Decoder) faults(s *side, x *exchange, faults []fault) {
	var told []string
	for _, f := range faults {
		if !slices.Contains(told, f.Code) {
			told = append(told, f.Code)
			d.fault(s, x, s.w.Off()+int64(f.at), f.Fault)
		}
	}
}

// reject reports that line is no start line, and gives it up as raw bytes.
func (d *Decoder) reject(s *side, line string) {
	code := anomaly.BadRequestLine
	if s.dir == wire.ToClient {
		code = anomaly.BadStatusLine
	}
	d.wrong(s, nil, code, strconv.Quote(clip(line)))
	d.giveUp(s, bytes.IndexByte(s.w.Bytes(), '\n')+1)
}

// skipEmptyLines takes line ends before a start line (RFC 9112, section 2.2).
func (d *Decoder) skipEmptyLines(s *side) bool {
	n, b := 0, s.w.Bytes()
	for n < len(b) && (b[n] == '\n' || b[n] == '\r') {
		n++
	}
	if n > 0 {
		s.take(n)
	}
	return n > 0
}
