package render

// maxHex is how many bytes of binary content are shown.
const maxHex = 64

// hexRow is the width of a row of 16 bytes.
const hexRow = 4 + 16*3 + 2 + 16

// hex shows the beginning of binary data, 16 bytes a row, 8 if the terminal is
// narrow:
//
//	00  1f 8b 08 00 00 00 00 00  00 03 4b cb cf 57 48 4a  ..........K..WHJ
func (p *page) hex(b []byte) {
	b = b[:min(len(b), maxHex)]
	perRow := p.perRow()
	for off := 0; off < len(b); off += perRow {
		p.hexRow(off, b[off:min(off+perRow, len(b))], perRow)
		p.end()
	}
}

// perRow returns how many bytes a row has.
func (p *page) perRow() int {
	if p.room(hexRow) < hexRow {
		return 8
	}
	return 16
}

// hexRow adds one row. Its bytes from 0 to 0x1f, and from 0x7f, are dots in the
// column of characters.
func (p *page) hexRow(off int, b []byte, perRow int) {
	p.own(roleTime, string([]byte{hexDigits[off>>4], hexDigits[off&15]}))
	p.spaces(2)
	for i := range perRow {
		if i == 8 {
			p.spaces(1)
		}
		if i < len(b) {
			p.line = append(p.line, hexDigits[b[i]>>4], hexDigits[b[i]&15], ' ')
		} else {
			p.spaces(3)
		}
	}
	p.spaces(1)
	var chars [16]byte
	for i, c := range b {
		if chars[i] = c; !safe(rune(c)) || c >= 0x7f {
			chars[i] = '.'
		}
	}
	p.own(roleFaint, string(chars[:len(b)]))
}
