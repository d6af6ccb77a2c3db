package render

// part is one thing that the line of an exchange tells behind its columns.
type part struct {
	from, to int    // in the line
	gap      string // before it
	pad      int    // columns that it takes at least, if something follows
	spare    bool   // it is left out where the terminal is too narrow
	cutTo    int    // columns to which it may be cut before; 0: it may not
	target   bool   // it is cut as one
	columns  int    // that it may take
}

// What stands before a part. What became of an exchange is a list: what is the first
// of that has a gap before it all the same.
const (
	gap   = "  "
	comma = ", "
	blank = " "
)

// part makes a part of what was added to the line since the last; none, if that is
// nothing. p says what is special about it.
func (r *row) part(p part) {
	p.from, p.to, r.ended = r.ended, len(r.line), len(r.line)
	if p.from == p.to {
		return
	}
	if p.gap == "" {
		p.gap = gap
	}
	r.parts = append(r.parts, p)
}

// finish puts the parts together and ends the line.
func (r *row) finish() {
	if r.width > 0 {
		r.hang = 2
		r.fit(columns(r.line[:r.begun]))
	}
	out, before, pad := append(recycle(r.paper), r.line[:r.begun]...), "", 0
	for i := range r.parts {
		p := &r.parts[i]
		out = appendSpaces(out, pad)
		if p.gap == comma && before != comma {
			out = append(out, gap...)
		} else {
			out = append(out, p.gap...)
		}
		from := len(out)
		out = r.appendPart(out, p)
		before, pad = p.gap, 0
		if p.pad > 0 {
			pad = p.pad - columns(out[from:])
		}
	}
	r.line, r.paper = out, r.line
	r.end()
}

// fit leaves out spare parts, and cuts others, so that the line fits into the
// terminal. Of the spare ones the first are kept. What must be told is cut only where
// nothing spare is left, from the end.
func (r *row) fit(used int) {
	left := r.width - used
	for i := range r.parts {
		p := &r.parts[i]
		p.columns = columns(r.line[p.from:p.to])
		if !p.spare {
			left -= p.takes()
		}
	}
	kept := r.parts[:0]
	for _, p := range r.parts {
		if p.spare {
			if p.cutTo > 0 {
				p.columns = min(p.columns, max(left-len(p.gap), p.cutTo))
			}
			if p.takes() > left {
				last := len(kept) - 1
				if p.gap == blank && kept[last].to == p.from { // a method alone says nothing
					left += kept[last].takes()
					kept = kept[:last]
				}
				continue
			}
			left -= p.takes()
		}
		kept = append(kept, p)
	}
	r.parts = kept
	for times := 3; times > 0; times-- { // not all of one, where others have much
		for i := len(kept) - 1; i >= 0 && left < 0; i-- {
			left = kept[i].cut(left, times*kept[i].cutTo)
		}
	}
}

// cut makes a part that may be cut smaller, to no less than that, since left columns
// are left for all: fewer than none. It returns how many are then.
func (p *part) cut(left, least int) int {
	if p.cutTo == 0 || p.spare {
		return left
	}
	left += p.takes()
	room := max(left-len(p.gap), least)
	p.columns, p.pad = min(p.columns, room), min(p.pad, room)
	return left - p.takes()
}

// takes returns how many columns a part takes with what is before it.
func (p *part) takes() int { return len(p.gap) + max(p.columns, p.pad) }

// appendPart appends a part, cut to the columns that it may take.
func (r *row) appendPart(dst []byte, p *part) []byte {
	b := r.line[p.from:p.to]
	switch {
	case r.width == 0 || columns(b) <= p.columns:
		return append(dst, b...)
	case p.target:
		return append(dst, cutTarget(r.target, p.columns, r.glyphs.more)...)
	}
	return appendCut(dst, b, p.columns, r.glyphs.more)
}

// appendCut appends b, which may have colours, in at most room columns, with more at
// its end.
func appendCut(dst, b []byte, room int, more string) []byte {
	room -= columns([]byte(more))
	open := false
	for len(b) > 0 {
		n, c := unit(b)
		if room -= c; room < 0 {
			break
		}
		if c == 0 && b[0] == 0x1b {
			open = string(b[:n]) != sgrReset
		}
		dst, b = append(dst, b[:n]...), b[n:]
	}
	dst = append(dst, more...)
	if open {
		dst = append(dst, sgrReset...)
	}
	return dst
}
