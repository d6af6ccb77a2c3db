package filter

import (
	"slices"
	"strings"
)

// closing are the brackets, by those that they close.
var closing = map[rune]rune{'(': ')', '[': ']', '{': '}'}

// unclosed returns the bracket that is missing at the end of an expression; empty if
// that ends within something else.
func unclosed(text string) string {
	if wantsMore(strings.TrimRight(text, " \t\r\n")) {
		return ""
	}
	var open []rune
	quote, escaped := rune(0), false
	for _, r := range text {
		switch {
		case escaped:
			escaped = false
		case quote != 0:
			escaped = r == '\\' && quote != '`'
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case closing[r] != 0:
			open = append(open, closing[r])
		case len(open) > 0 && r == open[len(open)-1]:
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return ""
	}
	return string(open[len(open)-1])
}

// wantsMore reports whether an expression ends with what stands before something.
func wantsMore(text string) bool {
	last := text[strings.LastIndexAny(text, " \t\r\n()[]{}")+1:]
	return text == "" || strings.ContainsAny(text[len(text)-1:], "=<>!&|+-*/%?:,.([{^") || slices.Contains(between, last)
}
