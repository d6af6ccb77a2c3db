package equivalent

import "strings"

// goExpr is an expression of Go: a word, or what stands between brackets.
type goExpr struct {
	word  string // all of it, or what stands before items, with the bracket: "f(", "[]string{"
	items []goItem
	end   string // the bracket behind them; empty if there are none
}

// goItem is an argument, an element, or a field.
type goItem struct {
	key string // with its colon; empty if it has none
	goExpr
}

// goWord is an expression without items.
func goWord(word string) goExpr { return goExpr{word: word} }

// goCall is a call.
func goCall(function string, args ...goExpr) goExpr {
	e := goExpr{word: function + "(", end: ")"}
	for _, a := range args {
		e.items = append(e.items, goItem{"", a})
	}
	return e
}

// goStruct is a value of a type with these fields.
func goStruct(name string, fields ...goItem) goExpr {
	return goExpr{word: name + "{", items: fields, end: "}"}
}

// in returns the expression as it stands so deep in others, from a column on: on one line,
// if that is short.
func (e goExpr) in(depth, column int) string {
	one := e.line()
	if column+len(one) <= lineWidth || len(e.items) == 0 {
		return one
	}
	if open, is := e.hugged(depth, column); is {
		return open
	}
	var b strings.Builder
	b.WriteString(e.word)
	indent := "\n" + strings.Repeat("\t", depth+1)
	for _, item := range e.items {
		b.WriteString(indent + item.key)
		if item.key != "" {
			b.WriteString(" ")
		}
		b.WriteString(item.in(depth+1, 4*(depth+1)+len(item.key)+2) + ",")
	}
	b.WriteString("\n" + strings.Repeat("\t", depth) + e.end)
	return b.String()
}

// hugged returns a call whose last argument alone takes several lines; false if it has
// others that would not stand on the first.
func (e goExpr) hugged(depth, column int) (string, bool) {
	n := len(e.items) - 1
	last := e.items[n]
	if e.end != ")" || last.key != "" || len(last.items) == 0 || n > 0 && last.end != "}" {
		return "", false
	}
	first := e
	first.items, first.end = e.items[:n], ""
	line := first.start()
	if column+len(line)+len(last.word) > lineWidth {
		return "", false
	}
	return line + last.in(depth, column+len(line)) + e.end, true
}

// start returns a call up to where its next argument stands.
func (e goExpr) start() string {
	line := e.word
	for _, item := range e.items {
		line += item.line() + ", "
	}
	return line
}

// line returns the expression on one line.
func (e goExpr) line() string {
	if e.end == "" {
		return e.word
	}
	var b strings.Builder
	b.WriteString(e.word)
	for i, item := range e.items {
		if i > 0 {
			b.WriteString(", ")
		}
		if item.key != "" {
			b.WriteString(item.key + " ")
		}
		b.WriteString(item.line())
	}
	b.WriteString(e.end)
	return b.String()
}
