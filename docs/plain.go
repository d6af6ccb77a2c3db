package docs

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Plain returns Markdown as it is read on a terminal that is so wide: what it is marked
// up with is gone, and no line is longer but those of examples and long words.
func Plain(markdown string, width int) string {
	p := printer{width: width}
	for line := range strings.Lines(markdown) {
		p.line(strings.TrimRight(line, "\n"))
	}
	p.flush()
	return p.out.String()
}

// printer collects the lines of a paragraph, an item of a list or a table, and writes
// them when it ends.
type printer struct {
	out    strings.Builder
	width  int
	fenced bool
	open   bool       // the line before was text, which an indented line goes on with
	listed bool       // what is indented is of an item
	text   []string   // of a paragraph or item
	rows   [][]string // of a table
}

var (
	heading = regexp.MustCompile(`^(#+) (.*)`)
	item    = regexp.MustCompile(`^( *)(-|\d+\.) +`)
	ruled   = regexp.MustCompile(`^\|[-:| ]+\|$`)
	link    = regexp.MustCompile(`\[([^\]]*)\]\((\w+:[^)]*)\)`)
)

func (p *printer) line(line string) {
	example := !p.open && !p.listed && strings.HasPrefix(line, indented)
	blank := strings.TrimSpace(line) == ""
	p.open = !blank && !example && !p.fenced
	switch h := heading.FindStringSubmatch(line); {
	case strings.HasPrefix(line, "```"):
		p.flush()
		p.fenced = !p.fenced
	case p.fenced:
		p.example(line)
	case blank:
		p.flush()
		p.out.WriteString("\n")
	case example:
		p.example(line[len(indented):])
	case h != nil:
		p.flush()
		p.open, p.listed = false, false
		p.title(words(h[2]), len(h[1]))
	case ruled.MatchString(line):
	case strings.HasPrefix(line, "|"):
		p.rows = append(p.rows, cells(line))
	default:
		starts := item.MatchString(line)
		if starts || len(p.rows) > 0 {
			p.flush()
		}
		if starts || len(p.text) == 0 && !strings.HasPrefix(line, " ") {
			p.listed = starts
		}
		p.text = append(p.text, line)
	}
}

// indented is what the lines of an example begin with, unless it is fenced.
const indented = "    "

// example writes a line of one, which stays as it is: it may be copied.
func (p *printer) example(line string) {
	p.out.WriteString(strings.TrimRight("  "+line, " ") + "\n")
}

// title writes a heading: the first of a page in capitals, others underlined.
func (p *printer) title(text string, level int) {
	if level == 1 {
		p.out.WriteString(strings.ToUpper(text) + "\n")
		return
	}
	p.out.WriteString(text + "\n" + strings.Repeat("-", utf8.RuneCountInString(text)) + "\n")
}

// flush writes what was collected.
func (p *printer) flush() {
	if len(p.text) > 0 {
		first := p.text[0]
		mark := item.FindString(first)
		indent := strings.Repeat(" ", len(mark))
		for i, line := range wrap(words(strings.Join(p.text, " ")[len(mark):]), p.width-len(mark)) {
			if i > 0 {
				mark = indent
			}
			p.out.WriteString(mark + line + "\n")
		}
	}
	p.table()
	p.text, p.rows = nil, nil
}

// words returns text without what it is marked up with, but for code.
func words(text string) string {
	return strings.ReplaceAll(link.ReplaceAllString(text, "$1 ($2)"), "**", "")
}

// cells returns what a row of a table has.
func cells(line string) (all []string) {
	line = strings.ReplaceAll(strings.Trim(line, "| "), `\|`, "\x00")
	for _, cell := range strings.Split(line, "|") {
		all = append(all, words(strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "|"))))
	}
	return all
}

// gap is between columns.
const gap = 2

// table writes the rows in columns, which are as wide as they have to be, the widest
// as narrow as the width wants.
func (p *printer) table() {
	var widths []int
	for _, row := range p.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	fit(widths, p.width)
	for _, row := range p.rows {
		p.row(row, widths)
	}
}

// leastColumn is how narrow a column gets.
const leastColumn = 12

// fit makes the widest columns narrower until all have room, or can be no narrower.
func fit(widths []int, room int) {
	for {
		all := gap * (len(widths) - 1)
		widest := 0
		for i, w := range widths {
			all += w
			if w > widths[widest] {
				widest = i
			}
		}
		if all <= room || widths[widest] <= leastColumn {
			return
		}
		widths[widest]--
	}
}

// row writes a row, in as many lines as its cells need.
func (p *printer) row(row []string, widths []int) {
	var columns [][]string
	lines := 0
	for i, cell := range row {
		columns = append(columns, wrap(cell, widths[i]))
		lines = max(lines, len(columns[i]))
	}
	for n := range lines {
		line := ""
		for i, column := range columns {
			text := ""
			if n < len(column) {
				text = column[n]
			}
			line += text + strings.Repeat(" ", max(widths[i]-utf8.RuneCountInString(text), 0)+gap)
		}
		p.out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// wrap returns text in lines of a width, but for words that are longer.
func wrap(text string, width int) (lines []string) {
	line, long := "", 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if long > 0 && long+1+n > width {
			lines = append(lines, line)
			line, long = "", 0
		}
		if long > 0 {
			line += " "
			long++
		}
		line += word
		long += n
	}
	return slices.DeleteFunc(append(lines, line), func(s string) bool { return s == "" })
}
