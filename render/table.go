package render

import "unicode/utf8"

// table is a table for people. Where it is wider than the terminal, columns are left
// out, then one is cut.
type table struct {
	colors *palette
	ascii  bool
	width  int // of the terminal; 0: unlimited, and no bars
	heads  []heading
	rows   []tableRow
	bars   bool // the last column has bars, if there is room
}

// heading is what is the same for a column.
type heading struct {
	title string
	left  bool // text is on the left, figures on the right
	spare int  // where there is no room the column with the highest is left out first; 0: never
	least int  // columns to which it may be cut; 0: it may not
}

// tableRow is a line of a table: cells, or a text across all.
type tableRow struct {
	cells  []cell
	across string
	share  float64 // the length of its bar, at most 1
}

// cell is a text, escaped, without colours.
type cell struct {
	text []byte
	role role
}

// between is how many columns are between two of the table.
const between = 2

// Columns of a bar.
const (
	minBar = 6
	maxBar = 40
)

// append appends the table, with the titles in a line of their own.
func (t *table) append(dst []byte) []byte {
	widths := t.fit()
	titles := tableRow{cells: make([]cell, len(t.heads))}
	for i, h := range t.heads {
		titles.cells[i] = cell{[]byte(h.title), roleFaint}
	}
	bar := t.barColumns(widths)
	dst = t.line(dst, &titles, widths, 0)
	for i := range t.rows {
		dst = t.line(dst, &t.rows[i], widths, bar)
	}
	return dst
}

// fit returns the widths of the columns; 0 for those that are left out.
func (t *table) fit() []int {
	widths := make([]int, len(t.heads))
	for i, h := range t.heads {
		for _, r := range t.rows {
			if r.cells != nil {
				widths[i] = max(widths[i], columns(r.cells[i].text))
			}
		}
		if widths[i] > 0 { // else there is nothing in it
			widths[i] = max(widths[i], len(h.title))
		}
	}
	for t.width > 0 && sum(widths) > t.width {
		if !t.leaveOut(widths) && !t.shorten(widths) {
			break
		}
	}
	return widths
}

// sum returns how many columns a line has.
func sum(widths []int) (all int) {
	for _, w := range widths {
		if w > 0 {
			all += between + w
		}
	}
	return all - between
}

// leaveOut leaves out the column that can best be spared, unless what can be cut is
// enough.
func (t *table) leaveOut(widths []int) bool {
	over, spare := sum(widths)-t.width, -1
	for i, h := range t.heads {
		if widths[i] == 0 {
			continue
		}
		if h.least > 0 {
			over -= max(widths[i]-h.least, 0)
		}
		if h.spare > 0 && (spare < 0 || h.spare > t.heads[spare].spare) {
			spare = i
		}
	}
	if over <= 0 || spare < 0 {
		return false
	}
	widths[spare] = 0
	return true
}

// shorten cuts a column by one: that which is longest beyond its least, so that in
// the end all have lost what they could spare best.
func (t *table) shorten(widths []int) bool {
	most, longest := 0, -1
	for i, h := range t.heads {
		if more := widths[i] - h.least; h.least > 0 && more > most {
			most, longest = more, i
		}
	}
	if longest < 0 {
		return false
	}
	widths[longest]--
	return true
}

// barColumns returns how long bars may be, 0 if there are none: where the width is
// unlimited there is no room.
func (t *table) barColumns(widths []int) int {
	room := t.width - sum(widths) - between
	if !t.bars || room < minBar {
		return 0
	}
	return min(room, maxBar)
}

// line appends a row, without spaces at its end.
func (t *table) line(dst []byte, r *tableRow, widths []int, bar int) []byte {
	if r.cells == nil {
		text := []byte(r.across)
		if t.width > 0 {
			text = t.cut(text, t.width)
		}
		return append(t.colors.append(append(dst, '\n'), roleFaint, string(text)), '\n')
	}
	pending := 0 // spaces that come before whatever is next
	for i, c := range r.cells {
		if widths[i] == 0 {
			continue
		}
		text := t.cut(c.text, widths[i])
		pad := widths[i] - columns(text)
		if len(text) == 0 {
			pending += pad + between
			continue
		}
		if t.heads[i].left {
			dst = t.colors.append(appendSpaces(dst, pending), c.role, string(text))
			pending = pad + between
			continue
		}
		dst = t.colors.append(appendSpaces(dst, pending+pad), c.role, string(text))
		pending = between
	}
	if b := t.bar(r.share, bar); b != "" {
		dst = append(appendSpaces(dst, pending), b...)
	}
	return append(dst, '\n')
}

// cut returns text in at most room columns.
func (t *table) cut(text []byte, room int) []byte {
	if t.ascii {
		return fitted(text, room, "~")
	}
	return fitted(text, room, "…")
}

// bar returns a bar for a share of so many columns.
func (t *table) bar(share float64, columns int) string {
	eighths := int(share*float64(columns)*8 + 0.5)
	if eighths <= 0 {
		return ""
	}
	full, rest := eighths/8, eighths%8
	var b []byte
	for range full {
		if t.ascii {
			b = append(b, '#')
		} else {
			b = append(b, "█"...)
		}
	}
	switch {
	case rest > 0 && !t.ascii:
		b = utf8.AppendRune(b, '█'+rune(8-rest))
	case rest >= 4:
		b = append(b, '#')
	}
	return string(b)
}
