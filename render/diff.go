package render

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/diff"
)

// Diff returns what two sessions did differently, for people: what all exchanges have in
// common, then exchange by exchange, and a sum.
func Diff(r *diff.Result, o Options) []byte {
	p := &diffPage{o: o, colors: newPalette(o.Color), width: o.width()}
	p.line(0, phrase{roleFaint, "- "}, phrase{roleOperation, r.A.Name})
	p.line(0, phrase{roleFaint, "+ "}, phrase{roleOperation, r.B.Name})
	p.gap()
	if len(r.Common) > 0 {
		p.line(0, phrase{roleNote, "in " + r.Shared()})
		p.changes(r.CommonChanges())
		p.gap()
	}
	for i := range r.Items {
		p.item(r, &r.Items[i])
	}
	if len(r.Items) > 0 {
		p.gap()
	}
	p.skipped(r.Skipped)
	p.width = 0 // the sum is told in full
	p.line(0, phrase{plain, r.Summary()})
	return p.out
}

// diffPage is where differences are written to.
type diffPage struct {
	o      Options
	colors *palette
	width  int
	out    []byte
}

// phrase is text in a role.
type phrase struct {
	role role
	text string
}

// line writes a line that begins so many columns in, and is cut where the terminal ends.
func (p *diffPage) line(indent int, spans ...phrase) {
	begin := len(p.out)
	if p.width > 0 {
		indent = min(indent, p.width/4)
	}
	p.out = append(p.out, strings.Repeat(" ", indent)...)
	room := p.width - indent
	for _, s := range spans {
		text := p.colors.glyph(Escaped(s.text))
		if p.width > 0 {
			n := columns([]byte(text))
			if n > room {
				text = string(fitted([]byte(text), room, p.colors.glyph("…")))
			}
			room -= n
		}
		open := p.colors.open[s.role]
		p.out = append(append(p.out, open...), text...)
		if open != "" {
			p.out = append(p.out, sgrReset...)
		}
		if p.width > 0 && room <= 0 {
			break
		}
	}
	p.out = append(p.out[:begin+len(bytes.TrimRight(p.out[begin:], " "))], '\n')
}

// gap writes an empty line.
func (p *diffPage) gap() { p.out = append(p.out, '\n') }

// signs are how items begin, by their kind.
var signs = map[diff.Kind]phrase{
	diff.Changed: {roleNumber, "~ "}, diff.Missing: {roleAnomaly, "- "}, diff.Extra: {roleString, "+ "}, diff.Moved: {roleNote, "↕ "},
}

// minTitle is how much of what an exchange asks for is shown, in columns, however long what is said
// behind it.
const minTitle = 24

// item writes what became of one exchange.
func (p *diffPage) item(r *diff.Result, i *diff.Item) {
	operation, title := i.Title()
	behind := []phrase{{roleFaint, "  " + i.Where()}}
	if says := r.Says(i); says != "" {
		behind = append(behind, phrase{roleNote, "  " + says})
	}
	title = Escaped(title)
	if p.width > 0 {
		room := p.width - p.columns(signs[i.Kind].text+operation+"  ")
		for _, b := range behind {
			room -= p.columns(b.text)
		}
		title = string(cutTarget(title, max(room, minTitle), p.colors.glyph("…")))
	}
	p.line(0, append([]phrase{signs[i.Kind], {roleOperation, operation}, {plain, "  " + title}}, behind...)...)
	p.changes(i.Changes)
	if rest := i.Rest(); rest != "" {
		p.line(4, phrase{roleFaint, rest})
	}
}

// skipped lists what was not compared.
func (p *diffPage) skipped(all []diff.Skipped) {
	for i := range all {
		s := &all[i]
		p.line(0, phrase{roleFaint, "· "}, phrase{roleOperation, s.Operation()}, phrase{plain, "  " + s.Title()}, phrase{roleFaint, fmt.Sprintf("  #%d  ", s.Number)}, phrase{roleNote, s.Why})
	}
	if len(all) > 0 {
		p.gap()
	}
}

// columns returns how many columns a text takes as it is written.
func (p *diffPage) columns(text string) int { return columns([]byte(p.colors.glyph(Escaped(text)))) }

// changes writes in what exchanges differ: in a line where that fits, else each value in its own.
func (p *diffPage) changes(all []diff.Change) {
	const indent = 4
	widest := 0
	for i := range all {
		if n := p.columns(all[i].Told()); n <= 40 && len(all[i].Lines) == 0 {
			widest = max(widest, n)
		}
	}
	for i := range all {
		c := &all[i]
		place := c.Told()
		padded := place + strings.Repeat(" ", max(0, widest-p.columns(place)))
		if len(c.Lines) > 0 {
			p.line(indent, phrase{roleKey, place})
			p.lines(c.Lines)
			continue
		}
		a, b := c.Values()
		arrow := " → "
		note := ""
		if aside := c.Aside(); aside != "" {
			note = " " + aside
		}
		if long := indent + p.columns(padded+"  "+a+arrow+b+note); p.width > 0 && long > p.width || p.width == 0 && len(a)+len(b) > 160 {
			p.line(indent, phrase{roleKey, place}, phrase{roleFaint, note})
			p.lines([]diff.Line{{Sign: '-', Text: a}, {Sign: '+', Text: b}})
			continue
		}
		p.line(indent, phrase{roleKey, padded}, phrase{plain, "  "}, phrase{p.valueRole(c.HasA, roleStderr), a}, phrase{roleFaint, arrow}, phrase{p.valueRole(c.HasB, roleString), b}, phrase{roleFaint, note})
	}
}

// valueRole returns the role of a value: what is not there is faint.
func (p *diffPage) valueRole(has bool, r role) role {
	if !has {
		return roleFaint
	}
	return r
}

// lines writes lines of a text that only one session has, and some around them: those that are
// too long go on in the next.
func (p *diffPage) lines(all []diff.Line) {
	const indent = 6
	roles := map[rune]role{'-': roleStderr, '+': roleString, ' ': roleFaint, '…': roleFaint}
	for _, l := range all {
		text := p.colors.glyph(Escaped(string(l.Sign) + " " + l.Text))
		for room := p.width - indent; room >= minTitle && l.Sign != ' ' && columns([]byte(text)) > room; {
			row := fitted([]byte(text), room, "")
			p.line(indent, phrase{roles[l.Sign], string(row)})
			text = "  " + text[len(row):]
		}
		p.line(indent, phrase{roles[l.Sign], text})
	}
}
