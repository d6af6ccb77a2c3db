package render

import (
	"bytes"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// page collects what one event becomes: lines that all begin with the same
// prefix, wrapped at the width of the terminal.
//
//	1.2    > text          prefix = number, mark; line = text
//	1.2    >   ↳ more      hang = 2
type page struct {
	colors *palette
	width  int    // of the terminal, 0: unlimited
	prefix []byte // with colours, and a space at its end
	before int    // columns of prefix
	hang   int    // columns by which continuation lines are indented
	out    []byte // finished lines
	line   []byte // the line in work, without its prefix
	reopen string // colour that goes on in the next line; wrap's own

	grammar jsontext.Grammar // of the JSON in work
}

// begin starts the page of an event.
func (p *page) begin(width int) {
	p.width = width
	p.out, p.line = recycle(p.out), recycle(p.line)
	p.hang = 0
}

// idColumns is the width of the number of connection and exchange.
const idColumns = 6

// mark sets the prefix of the lines that follow: "1.2    > ".
func (p *page) mark(m *wire.Meta, mark byte, r role) {
	p.prefix = appendID(p.prefix[:0], p.colors, m)
	p.prefix = append(p.prefix, ' ')
	p.prefix = p.colors.appendBytes(p.prefix, r, []byte{mark})
	p.prefix = append(p.prefix, ' ')
	p.before = columns(p.prefix)
}

// inset indents the lines that follow, within their prefix.
func (p *page) inset(n int) {
	p.prefix = appendSpaces(p.prefix, n)
	p.before += n
}

// markDir sets the prefix of bytes that travelled in the direction of m.
func (p *page) markDir(m *wire.Meta) {
	if m.Dir == wire.ToServer {
		p.mark(m, '>', roleToServer)
	} else {
		p.mark(m, '<', roleToClient)
	}
}

// appendID appends the number of connection and exchange, padded.
func appendID(dst []byte, c *palette, m *wire.Meta) []byte {
	dst, n := appendNumber(dst, c, m)
	return appendSpaces(dst, idColumns-n)
}

// appendNumber appends the number of connection and exchange, and returns how many
// columns it takes.
func appendNumber(dst []byte, c *palette, m *wire.Meta) (_ []byte, columns int) {
	var b [40]byte
	id := b[:0]
	if m.Conn == nil {
		id = append(id, '-')
	} else {
		id = strconv.AppendInt(id, int64(m.Conn.ID), 10)
	}
	if m.Exchange > 0 {
		id = strconv.AppendInt(append(id, '.'), int64(m.Exchange), 10)
	}
	if open := c.id(connID(m)); open != "" {
		return append(append(append(dst, open...), id...), sgrReset...), len(id)
	}
	return append(dst, id...), len(id)
}

// connID returns the number of the connection, 0 if there is none.
func connID(m *wire.Meta) int {
	if m.Conn == nil {
		return 0
	}
	return m.Conn.ID
}

// append appends words of our own, which need no escaping.
func (c *palette) append(dst []byte, r role, s string) []byte {
	s = c.glyph(s)
	open := c.open[r]
	if open == "" || s == "" {
		return append(dst, s...)
	}
	return append(append(append(dst, open...), s...), sgrReset...)
}

// appendBytes appends what needs no escaping.
func (c *palette) appendBytes(dst []byte, r role, b []byte) []byte {
	open := c.open[r]
	if open == "" {
		return append(dst, b...)
	}
	return append(append(append(dst, open...), b...), sgrReset...)
}

// own adds words of our own to the line.
func (p *page) own(r role, s string) { p.line = p.colors.append(p.line, r, s) }

// text adds text of the traffic to the line, escaped.
func (p *page) text(r role, s string) { p.line = appendPainted(p.line, p.colors, r, s) }

// data is text for bytes.
func (p *page) data(r role, b []byte) { p.line = appendPainted(p.line, p.colors, r, b) }

// appendPainted appends text of the traffic in the colour of its role.
func appendPainted[S ~string | ~[]byte](dst []byte, c *palette, r role, s S) []byte {
	open, escape := c.open[r], c.open[roleEscape]
	if open == "" || len(s) == 0 {
		return appendEscaped(dst, s, "", escape)
	}
	return append(appendEscaped(append(dst, open...), s, open, escape), sgrReset...)
}

// int, size and duration add a number of ours to the line.
func (p *page) int(r role, n int64) {
	var b [32]byte
	p.line = p.colors.appendBytes(p.line, r, strconv.AppendInt(b[:0], n, 10))
}

func (p *page) size(r role, n int64) {
	var b [32]byte
	p.line = p.colors.appendBytes(p.line, r, appendSize(b[:0], n))
}

func (p *page) duration(r role, d time.Duration) {
	var b [32]byte
	p.line = p.colors.appendBytes(p.line, r, appendDuration(b[:0], d))
}

// spaces adds n spaces to the line.
func (p *page) spaces(n int) { p.line = appendSpaces(p.line, n) }

func appendSpaces(dst []byte, n int) []byte {
	const blank = "                                "
	for ; n > len(blank); n -= len(blank) {
		dst = append(dst, blank...)
	}
	return append(dst, blank[:max(n, 0)]...)
}

// expanded adds a line of text with its tabs expanded, as a terminal shows it.
func (p *page) expanded(r role, b []byte) {
	for {
		before, after, tab := bytes.Cut(b, []byte{'\t'})
		from := len(p.line)
		p.data(r, before)
		if !tab {
			return
		}
		p.spaces(8 - columns(p.line[from:])%8) // the columns before are a multiple of 8
		b = after
	}
}

// room returns how many columns a line has, or otherwise if that is unlimited.
func (p *page) room(otherwise int) int {
	if p.width == 0 {
		return otherwise
	}
	return max(p.width-p.before, minRoom)
}

// minRoom is the least number of columns that text gets beside its prefix, even
// if the terminal is narrower: a line cut into single letters helps nobody.
const minRoom = 20
