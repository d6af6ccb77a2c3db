package render

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

// finish puts the parts together and ends the line, and those that have a line of
// their own below it.
func (r *row) finish() {
	if r.width > 0 {
		r.hang = 2
		r.fit(columns(r.line[:r.begun]))
	}
	out, before, pad := append(recycle(r.paper), r.line[:r.begun]...), "", 0
	for i := range r.parts {
		p := &r.parts[i]
		switch {
		case p.fate != inLine:
			continue
		case p.client && r.width > 0:
			out = appendSpaces(out, r.width-columns(out)-p.columns)
			pad = 0
		case p.gap == comma && before != comma:
			out = append(appendSpaces(out, pad), gap...)
		default:
			out = append(appendSpaces(out, pad), p.gap...)
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
	r.below()
}

// below adds the lines of parts that have one of their own, where operations stand;
// what does not fit there goes on in the next.
func (r *row) below() {
	for i := range r.parts {
		p := &r.parts[i]
		if p.fate != under {
			continue
		}
		r.before = 2
		if indent := headColumns + r.ids + len(gap); r.width >= indent+minRoom {
			r.before = indent
		}
		r.prefix, r.hang = appendSpaces(r.prefix[:0], r.before), 0
		r.line = append(r.line, r.paper[p.from:p.to]...)
		r.end()
	}
}

// fit gives parts that may have one lines of their own, leaves out spare parts, and
// cuts others, so that the line fits into the terminal. Of the spare ones the first
// are kept. What must be told is cut only where nothing else helps, from the end.
func (r *row) fit(used int) {
	left := r.width - used
	for i := range r.parts {
		p := &r.parts[i]
		p.columns = columns(r.line[p.from:p.to])
		if p.client {
			p.columns = min(p.columns, clientColumns)
		}
		if !p.spare {
			left -= p.takes()
		}
	}
	for i := len(r.parts) - 1; i >= 0 && left < 0; i-- {
		p := &r.parts[i]
		switch {
		case !p.below:
		case p.cutTo > 0 && i > 0 && r.parts[i-1].pad-r.parts[i-1].columns >= -left: // it moves a little
			r.parts[i-1].pad += left
			left = 0
		default:
			left += p.takes()
			p.fate = under
		}
	}
	left = r.spare(left, false)
	left = r.spare(left, true)
	for times := 3; times > 0; times-- { // not all of one, where others have much
		for i := len(r.parts) - 1; i >= 0 && left < 0; i-- {
			left = r.parts[i].cut(left, times*r.parts[i].cutTo)
		}
	}
}

// spare decides which spare parts, of the late ones or of the others, have room in so
// many columns, and returns how many are left.
func (r *row) spare(left int, late bool) int {
	for i := range r.parts {
		p := &r.parts[i]
		if !p.spare || p.late != late {
			continue
		}
		if p.cutTo > 0 {
			p.columns = min(p.columns, max(left-len(p.gap), p.cutTo))
		}
		if p.takes() <= left {
			left -= p.takes()
			continue
		}
		p.fate = leftOff
		if p.target && r.parts[i-1].fate == inLine { // a method alone says nothing
			left += r.parts[i-1].takes()
			r.parts[i-1].fate = leftOff
		}
	}
	return left
}

// cut makes a part that may be cut smaller, to no less than that, since left columns
// are left for all: fewer than none. It returns how many are then.
func (p *part) cut(left, least int) int {
	if p.cutTo == 0 || p.spare || p.fate != inLine {
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
