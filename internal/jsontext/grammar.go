package jsontext

// Want is what may come next in a JSON text (RFC 8259, section 2).
type Want uint8

const (
	WantValue      Want = iota
	WantFirstValue      // or the end of the array
	WantKey
	WantFirstKey // or the end of the object
	WantColon
	WantComma // or the end of the array or object
	WantNothing
)

// Value says whether a value may come, and Key whether a key may.
func (w Want) Value() bool { return w <= WantFirstValue }
func (w Want) Key() bool   { return w == WantKey || w == WantFirstKey }

// Grammar follows the tokens of one value, and says whether they may come. The
// zero value is before the first of them, and follows brackets as deep as they
// are. A token that may not come changes nothing.
type Grammar struct {
	MaxDepth int // as many may be open, if it is not 0
	want     Want
	open     []byte // the brackets that are
}

// Want returns what may come next.
func (g *Grammar) Want() Want { return g.want }

// Depth returns how many arrays and objects are open.
func (g *Grammar) Depth() int { return len(g.open) }

// InObject says whether the innermost of them is an object.
func (g *Grammar) InObject() bool { return len(g.open) > 0 && g.open[len(g.open)-1] == '{' }

// Reset makes g ready for another value.
func (g *Grammar) Reset() { g.want, g.open = WantValue, g.open[:0] }

// KeyNext has the next member of the innermost object begin: a member and the comma behind it were taken.
func (g *Grammar) KeyNext() { g.want = WantKey }

// Step takes one token. It returns false if that may not come.
func (g *Grammar) Step(k Kind) bool {
	switch k {
	case String:
		return g.string()
	case Number, Literal:
		return g.value()
	case ':':
		return g.colon()
	case ',':
		return g.comma()
	case '{', '[':
		return g.begin(byte(k))
	case '}', ']':
		return g.end(byte(k))
	}
	return false
}

// string takes a key, or a value.
func (g *Grammar) string() bool {
	if !g.want.Key() {
		return g.value()
	}
	g.want = WantColon
	return true
}

func (g *Grammar) colon() bool {
	if g.want != WantColon {
		return false
	}
	g.want = WantValue
	return true
}

// value takes all of a value.
func (g *Grammar) value() bool {
	if !g.want.Value() {
		return false
	}
	g.valueDone()
	return true
}

// valueDone moves on behind a value.
func (g *Grammar) valueDone() {
	if g.want = WantComma; len(g.open) == 0 {
		g.want = WantNothing
	}
}

func (g *Grammar) comma() bool {
	if g.want != WantComma {
		return false
	}
	if g.want = WantValue; g.InObject() {
		g.want = WantKey
	}
	return true
}

func (g *Grammar) begin(bracket byte) bool {
	if !g.want.Value() || g.MaxDepth != 0 && len(g.open) >= g.MaxDepth {
		return false
	}
	g.open = append(g.open, bracket)
	if g.want = WantFirstValue; bracket == '{' {
		g.want = WantFirstKey
	}
	return true
}

func (g *Grammar) end(bracket byte) bool {
	inner := len(g.open) - 1
	if inner < 0 || g.open[inner] != bracket-2 { // '{' and '}', '[' and ']' are two apart
		return false
	}
	if g.want != WantComma && g.want != WantFirstValue && g.want != WantFirstKey {
		return false
	}
	g.open = g.open[:inner]
	g.valueDone()
	return true
}
