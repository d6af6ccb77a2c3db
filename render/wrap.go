package render

import "bytes"

// continued stands before what did not fit on the line above.
const continued = "↳ "

// end finishes the line.
func (p *page) end() {
	switch room := p.room(0); {
	case len(p.line) == 0:
		p.out = append(append(p.out, bytes.TrimRight(p.prefix, " ")...), '\n')
	case p.width == 0 || len(p.line) <= room || columns(p.line) <= room:
		p.out = append(append(append(p.out, p.prefix...), p.line...), '\n')
	default:
		p.wrap(room)
	}
	p.line = p.line[:0]
}

// wrap appends the current line to the output in pieces that fit into room columns:
// it breaks where words or parameters end, in the last half of a line; else behind a
// mark in the last quarter; else anywhere but within a unit. Continuation lines repeat
// the prefix.
func (p *page) wrap(room int) {
	hang := p.hang
	if room-hang < minRoom {
		hang = 0
	}
	var (
		start, col   int    // of the piece; columns used
		open         string // colour at i
		b            breaks
		line         = p.line
		used, margin = 0, hang + columns([]byte(p.colors.glyph(continued)))
	)
	for i := 0; i < len(line); {
		n, c := unit(line[i:])
		if c > 0 && col+c > room {
			at := b.best(line, i, open)
			open = at.open
			p.piece(line[start:at.i], used > 0, hang, open != "")
			start, i, used, col, b = at.i, at.i, used+1, margin, breaks{}
			p.reopen = open
			continue
		}
		if line[i] == 0x1b {
			if open = string(line[i : i+n]); open == sgrReset {
				open = ""
			}
		}
		if i > start {
			b.before(line[i], place{i, open}, col, room)
		}
		col += c
		i += n
		b.behind(line[i-1], place{i, open}, col, room)
	}
	p.piece(line[start:], used > 0, hang, false)
	p.reopen = ""
}

// place is where a line may be broken: before that byte, in that colour.
type place struct {
	i    int
	open string
}

// breaks are the last places of a piece where it may be broken, the best first. The
// last is one that leaves some of it for the next line.
type breaks struct{ word, mark, short place }

// Bounds of what is left for the last line alone, in columns: it gets leastRest
// rather than loneRest or fewer, such as a quote and a comma.
const (
	loneRest  = 3
	leastRest = 8
)

// before notes the place before c, at which col of room columns are used.
func (b *breaks) before(c byte, at place, col, room int) {
	if c == '&' && col > room/2 && at.i > b.word.i+1 { // not within "&&"
		b.word = at
	}
}

// behind notes the place behind c, at which col of room columns are used.
func (b *breaks) behind(c byte, at place, col, room int) {
	switch c {
	case ' ':
		if col > room/2 {
			b.word = at
		}
	case '/', ',', ':', ';', '=', '|':
		if col > room*3/4 {
			b.mark = at
		}
	}
	if col <= room-leastRest {
		b.short = at
	}
}

// best returns where a piece is broken that could go on until i.
func (b *breaks) best(line []byte, i int, open string) place {
	switch {
	case b.word.i > 0:
		return b.word
	case b.mark.i > 0:
		return b.mark
	case b.short.i > 0 && len(line)-i < 4*len(sgrReset) && columns(line[i:]) <= loneRest:
		return b.short
	}
	return place{i, open}
}

// piece appends one line of a wrapped line. openEnd says that a colour is
// still open at its end.
func (p *page) piece(text []byte, again bool, hang int, openEnd bool) {
	p.out = append(p.out, p.prefix...)
	if again {
		p.out = appendSpaces(p.out, hang)
		p.out = p.colors.append(p.out, roleFaint, continued)
		p.out = append(p.out, p.reopen...)
	}
	p.out = append(p.out, text...)
	if openEnd {
		p.out = append(p.out, sgrReset...)
	}
	p.out = append(p.out, '\n')
}
