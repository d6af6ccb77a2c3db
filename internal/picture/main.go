// Picture turns coloured terminal output, on standard input, into an SVG on
// standard output: how the picture in the README is kept.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The picture's measures, in pixels.
const (
	charWidth  = 8.4
	lineHeight = 19
	margin     = 16
	fontSize   = 14
)

// palette is what a dark terminal makes of the 16 colours.
var palette = [16]string{
	"#3b4252", "#e06c75", "#98c379", "#d7ba7d", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
	"#7f848e", "#ff7a85", "#b5e890", "#f5d493", "#82c7ff", "#dd9bf0", "#7fdbe6", "#ffffff",
}

const (
	background = "#1e2127"
	foreground = "#c8ccd4"
)

// style is what SGR sequences have set (ECMA-48, section 8.3.117).
type style struct {
	color             string // empty: the default
	bold, faint, line bool
}

func main() {
	title := flag.String("title", "", "text of the first line")
	keep := flag.Int("keep", 0, "of longer runs of indented lines, keep so many")
	flag.Parse()
	lines, err := read(os.Stdin)
	if *keep > 0 {
		lines = elide(lines, *keep)
	}
	if err == nil {
		err = draw(os.Stdout, *title, lines)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func read(r io.Reader) ([]string, error) {
	var lines []string
	s := bufio.NewScanner(r)
	for s.Scan() {
		lines = append(lines, s.Text())
	}
	return lines, s.Err()
}

// elide shortens runs of lines that are indented behind their first words, as
// the inside of a JSON document is, and says by how much.
func elide(lines []string, keep int) []string {
	var out []string
	for i := 0; i < len(lines); {
		j := i
		for j < len(lines) && indented(lines[j]) {
			j++
		}
		if j-i <= keep+1 {
			j = max(j, i+1)
			out = append(out, lines[i:j]...)
		} else {
			out = append(out, lines[i:i+keep]...)
			out = append(out, fmt.Sprintf("%*s\x1b[2m… %d lines …\x1b[0m", bodyColumn+2, "", j-i-keep))
		}
		i = j
	}
	return out
}

// bodyColumn is where text begins behind the numbers and the direction.
const bodyColumn = 9

func indented(line string) bool {
	plain := stripped(line)
	return len(plain) > bodyColumn+1 && plain[bodyColumn] == ' ' && plain[bodyColumn+1] == ' '
}

// draw writes the picture.
func draw(w io.Writer, title string, lines []string) error {
	if title != "" {
		lines = append([]string{"\x1b[1m$ " + title + "\x1b[0m"}, lines...)
	}
	columns := 0
	for _, l := range lines {
		columns = max(columns, visible(l))
	}
	width := int(float64(columns)*charWidth) + 2*margin
	height := len(lines)*lineHeight + 2*margin
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">`+"\n", width, height, width, height)
	fmt.Fprintf(b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", background)
	fmt.Fprintf(b, `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="%d" fill="%s" xml:space="preserve">`+"\n", fontSize, foreground)
	st := style{}
	for i, l := range lines {
		st = drawLine(b, l, margin+i*lineHeight+fontSize, st)
	}
	fmt.Fprint(b, "</g>\n</svg>\n")
	return b.Flush()
}

// drawLine writes one line whose base is at y, and returns the style at its
// end.
func drawLine(w io.Writer, line string, y int, st style) style {
	column := 0
	for line != "" {
		if strings.HasPrefix(line, "\x1b[") {
			if end := strings.IndexByte(line, 'm'); end > 0 {
				st = st.apply(line[2:end])
				line = line[end+1:]
				continue
			}
		}
		n := strings.IndexByte(line[1:], '\x1b') + 1
		if n == 0 {
			n = len(line)
		}
		text := line[:n]
		line = line[n:]
		drawText(w, text, column, y, st)
		column += utf8.RuneCountInString(text)
	}
	return st
}

// drawText writes text that begins at a column. Spaces around and between its parts are
// left out: programs that show pictures differ in what they make of them.
func drawText(w io.Writer, text string, column, y int, st style) {
	for text != "" {
		part := strings.TrimLeft(text, " ")
		column += len(text) - len(part)
		part, text = cutSpaces(part)
		if part == "" {
			return
		}
		columns := utf8.RuneCountInString(part)
		x, length := margin+float64(column)*charWidth, float64(columns)*charWidth
		fmt.Fprintf(w, `<text x="%.1f" y="%d" textLength="%.1f"%s>%s</text>`+"\n", x, y, length, st.attributes(), html.EscapeString(part))
		column += columns
	}
}

// cutSpaces cuts text before its first spaces that are more than one, or its last.
func cutSpaces(text string) (before, rest string) {
	i := strings.Index(text, "  ")
	if i < 0 {
		i = len(strings.TrimRight(text, " "))
	}
	return text[:i], text[i:]
}

// apply returns the style after the parameters of an SGR sequence.
func (st style) apply(params string) style {
	if _, index, ok := strings.Cut(params, "38;5;"); ok {
		n, _ := strconv.Atoi(index)
		st.color = indexed(n)
		params = strings.TrimSuffix(params, "38;5;"+index)
	}
	for p := range strings.SplitSeq(strings.TrimSuffix(params, ";"), ";") {
		switch n, err := strconv.Atoi(p); {
		case err != nil: // there is nothing but the colour
		case n == 0:
			st = style{}
		case n == 1:
			st.bold = true
		case n == 2:
			st.faint = true
		case n == 4:
			st.line = true
		case n == 22:
			st.bold, st.faint = false, false
		case n == 24:
			st.line = false
		case n == 39:
			st.color = ""
		case n >= 30 && n <= 37:
			st.color = palette[n-30]
		case n >= 90 && n <= 97:
			st.color = palette[n-90+8]
		}
	}
	return st
}

// indexed returns a colour of the 256 of xterm: the 16, a cube, a ramp of greys.
func indexed(n int) string {
	levels := [6]int{0, 95, 135, 175, 215, 255}
	switch {
	case n < len(palette):
		return palette[max(n, 0)]
	case n < 232:
		n -= len(palette)
		return fmt.Sprintf("#%02x%02x%02x", levels[n/36], levels[n/6%6], levels[n%6])
	}
	grey := 8 + 10*(min(n, 255)-232)
	return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
}

func (st style) attributes() string {
	var b strings.Builder
	if st.color != "" {
		fmt.Fprintf(&b, ` fill="%s"`, st.color)
	}
	if st.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if st.faint {
		b.WriteString(` opacity="0.65"`)
	}
	if st.line {
		b.WriteString(` text-decoration="underline"`)
	}
	return b.String()
}

// visible returns how many columns a line takes.
func visible(line string) int { return utf8.RuneCountInString(stripped(line)) }

// stripped returns a line without its SGR sequences.
func stripped(line string) string {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(line, "\x1b[")
		b.WriteString(text)
		if !found {
			return b.String()
		}
		_, line, _ = strings.Cut(rest, "m")
	}
}
