package jsonmask

// grammar says what may come next in a text of JSON values, one behind the
// other (RFC 8259). It knows nothing of what they mean.
type grammar struct {
	want want
	open []bool // the arrays and objects that are open: whether it is an object
}

// want says what may come next.
type want uint8

const (
	wantValue      want = iota
	wantFirstValue      // or "]"
	wantFirstKey        // or "}"
	wantKey
	wantColon
	wantComma // or the end of the object or array
)

// maxDepth bounds the arrays and objects that are open: what is deeper is no
// JSON that anybody reads.
const maxDepth = 1 << 12

// reset makes g ready for another text.
func (g *grammar) reset() { g.want, g.open = wantValue, g.open[:0] }

// value says whether a value may come.
func (g *grammar) value() bool { return g.want == wantValue || g.want == wantFirstValue }

// key says whether a key may come.
func (g *grammar) key() bool { return g.want == wantKey || g.want == wantFirstKey }

// keyDone moves on behind a key.
func (g *grammar) keyDone() { g.want = wantColon }

// valueDone moves on behind a value.
func (g *grammar) valueDone() {
	g.want = wantComma
	if len(g.open) == 0 {
		g.want = wantValue
	}
}

// colon takes a colon; false if none may come.
func (g *grammar) colon() bool {
	if g.want != wantColon {
		return false
	}
	g.want = wantValue
	return true
}

// comma takes a comma; false if none may come.
func (g *grammar) comma() bool {
	if g.want != wantComma {
		return false
	}
	g.want = wantValue
	if g.open[len(g.open)-1] {
		g.want = wantKey
	}
	return true
}

// begin opens an object or array; false if none may come.
func (g *grammar) begin(object bool) bool {
	if !g.value() || len(g.open) == maxDepth {
		return false
	}
	g.open = append(g.open, object)
	g.want = wantFirstValue
	if object {
		g.want = wantFirstKey
	}
	return true
}

// end closes an object or array; false if that cannot be.
func (g *grammar) end(object bool) bool {
	n := len(g.open)
	if n == 0 || g.open[n-1] != object {
		return false
	}
	if g.want != wantComma && g.want != wantFirstKey && g.want != wantFirstValue {
		return false
	}
	g.open = g.open[:n-1]
	g.valueDone()
	return true
}
