package render

// continued stands before what did not fit on the line above.
const continued = "↳ "

// minRoom is the least number of columns that text gets beside its prefix, even
// if the terminal is narrower: a line cut into single letters helps nobody.
const minRoom = 20

// wrap appends the current line to the output in pieces that fit into room
// columns. It breaks after a space in the last quarter of a line, or else
// anywhere but within a unit. Continuation lines repeat the prefix.
func (p *page) wrap(room int) {
	hang := p.hang
	if room-hang < minRoom {
		hang = 0
	}
	var (
		start, col   int    // of the piece; columns used
		open         string // colour at i
		brk          int    // where to break by preference, 0: nowhere
		openAtBreak  string
		line         = p.line
		used, margin = 0, hang + columns([]byte(p.colors.glyph(continued)))
	)
	for i := 0; i < len(line); {
		n, c := unit(line[i:])
		if c > 0 && col+c > room {
			cut := i
			if brk > start {
				cut, open = brk, openAtBreak
			}
			p.piece(line[start:cut], used > 0, hang, open != "")
			start, i, used, col, brk = cut, cut, used+1, margin, 0
			p.reopen = open
			continue
		}
		if line[i] == 0x1b {
			if open = string(line[i : i+n]); open == sgrReset {
				open = ""
			}
		}
		col += c
		i += n
		if line[i-1] == ' ' && col > room*3/4 {
			brk, openAtBreak = i, open
		}
	}
	p.piece(line[start:], used > 0, hang, false)
	p.reopen = ""
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
