package render

import (
	"bytes"
	"iter"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/shortid"
)

// Bounds of what is shown in brief: larger JSON is shown as it is.
const (
	maxBrief      = 256 << 10 // bytes
	maxBriefDepth = maxDepth  // brackets in brackets
)

// brief is a JSON value that is shown without its members that say nothing: null,
// "", 0, false, [], {}, a time that was not set in Go, and objects and arrays of nothing but those. An element of
// an array is left out with all others only, since which one it is matters.
//
// Its nodes are the values in the order of the text, each before those inside it.
type brief struct {
	src   []byte
	nodes []node
	whole int  // columns of all on one line
	all   bool // nothing is left out

	grammar jsontext.Grammar
	open    []int // nodes whose brackets are open
	cut     string
}

// node is a value, with its key if it has one.
type node struct {
	kind    jsontext.Kind // of its first token
	depth   int32         // brackets around it
	key, to span          // the text of the key, and of a scalar
	next    int32         // the node behind all that is inside it
	columns int32         // of what is kept, on one line, with its key
	kept    int32         // scalars in it that say something
	leaves  int32         // scalars in it, and brackets around nothing
	left    int32         // of these, those that are left out
	usual   bool          // it is what everybody sends
}

// span is a part of the text, as it is shown.
type span struct{ from, end int32 }

func (s span) of(b []byte) []byte { return b[s.from:s.end] }

// read takes b apart. It returns false if that is not all JSON, or too much of it.
func (d *brief) read(b []byte, c *palette) bool {
	if cap(d.nodes) > maxKept/64 {
		d.nodes = nil
	}
	d.src, d.nodes, d.open, d.whole, d.all, d.cut = b, d.nodes[:0], d.open[:0], 0, false, c.glyph("…")
	if len(b) > maxBrief {
		return false
	}
	d.grammar.Reset()
	d.grammar.MaxDepth = maxBriefDepth
	var s jsontext.Scanner
	var key span
	for i := 0; ; {
		kind, from, to := s.Next(b, i)
		if kind == jsontext.End {
			return d.grammar.Want() == jsontext.WantNothing
		}
		if !d.grammar.Step(kind) || s.Cut() && kind != jsontext.Number {
			return false
		}
		text := span{int32(from), int32(to)}
		switch i = to; kind {
		case ':', ',':
			d.whole += 2
		case '}', ']':
			d.close()
		default:
			if d.grammar.Want() == jsontext.WantColon {
				key = text
				d.whole += d.columns(text)
				continue
			}
			d.add(kind, key, text)
			key = span{}
		}
	}
}

// shown returns a token as it is shown.
func (d *brief) shown(s span) []byte { return shortid.Cut(asTyped(s.of(d.src)), d.cut) }

// columns returns how many columns a token takes.
func (d *brief) columns(s span) int { return textColumns(d.shown(s)) }

// asTyped returns a string with <, > and & in place of the escapes that Go's
// encoders write for them, for the sake of HTML.
func asTyped(quoted []byte) []byte {
	if !bytes.Contains(quoted, []byte(`\u00`)) {
		return quoted
	}
	var out []byte
	for i := 0; i < len(quoted); i++ {
		if quoted[i] != '\\' {
			out = append(out, quoted[i])
			continue
		}
		switch string(quoted[i:min(i+6, len(quoted))]) {
		case `\u003c`:
			out, i = append(out, '<'), i+5
		case `\u003e`:
			out, i = append(out, '>'), i+5
		case `\u0026`:
			out, i = append(out, '&'), i+5
		default:
			out, i = append(out, quoted[i:min(i+2, len(quoted))]...), i+1
		}
	}
	return out
}

// add adds a value, whose brackets are open if it has any.
func (d *brief) add(kind jsontext.Kind, key, text span) {
	n := node{kind: kind, key: key, to: text, depth: int32(len(d.open))}
	i := len(d.nodes)
	if kind == '{' || kind == '[' {
		d.whole++
		d.nodes = append(d.nodes, n)
		d.open = append(d.open, i)
		return
	}
	n.next = int32(i + 1)
	columns := d.columns(text)
	d.whole += columns
	n.leaves = 1
	if !jsontext.IsZero(text.of(d.src)) {
		n.kept = 1
	}
	n.columns = int32(columns + d.keyColumns(&n))
	d.nodes = append(d.nodes, n)
}

// keyColumns returns how many columns the key of n takes, with its colon.
func (d *brief) keyColumns(n *node) int {
	if n.key == (span{}) {
		return 0
	}
	return d.columns(n.key) + len(": ")
}

// close ends the value whose bracket was opened last.
func (d *brief) close() {
	d.whole++
	i := d.open[len(d.open)-1]
	d.open = d.open[:len(d.open)-1]
	n := &d.nodes[i]
	n.next = int32(len(d.nodes))
	for c := i + 1; c < len(d.nodes); c = int(d.nodes[c].next) {
		n.kept += d.nodes[c].kept
		n.leaves += d.nodes[c].leaves
	}
	sum, left := 0, n.leaves
	for c := range d.inside(i) {
		if sum > 0 {
			sum += len(", ")
		}
		sum += int(d.nodes[c].columns)
		left -= d.nodes[c].leaves - d.nodes[c].left
	}
	n.left = left
	n.leaves = max(n.leaves, 1)
	n.columns = int32(d.keyColumns(n) + len("{}") + sum)
}

// inside goes through the values directly inside node i that are shown.
func (d *brief) inside(i int) iter.Seq[int] {
	return func(yield func(int) bool) {
		n := &d.nodes[i]
		for c := i + 1; c < int(n.next); c = int(d.nodes[c].next) {
			shown := d.all || d.nodes[c].kept > 0 || n.kept > 0 && n.kind == '['
			if shown && !yield(c) {
				return
			}
		}
	}
}

// kept returns how many scalars say something, and left how many values are left
// out.
func (d *brief) kept() int { return int(d.nodes[0].kept) }
func (d *brief) left() int { return int(d.nodes[0].left) }

// leaves returns how many values there are, and brackets around nothing.
func (d *brief) leaves() int { return int(d.nodes[0].leaves) }

// short returns how many columns what is kept takes on one line.
func (d *brief) short() int { return int(d.nodes[0].columns) }

// saysNothingBut says whether all that is kept is one text, be it more than once, and
// the code that comes with the error that it is.
func (d *brief) saysNothingBut(text string) (said bool) {
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.kind == '{' || n.kind == '[' || n.kept == 0 || string(n.key.of(d.src)) == `"code"` {
			continue
		}
		if s, ok := jsontext.Unquote(n.to.of(d.src)); !ok || string(s) != text {
			return false
		}
		said = true
	}
	return said
}
