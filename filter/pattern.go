package filter

import (
	"fmt"
	"regexp"
	"regexp/syntax"
)

// compiled is a regular expression, and how many instructions it has.
type compiled struct {
	*regexp.Regexp
	size int
}

func compile(text string) (*compiled, error) {
	r, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	return &compiled{r, len(prog.Inst)}, nil
}

// match reports whether a text matches a pattern, which is compiled, or text too. If
// either is nil it does not.
func (m *meter) match(text, pattern any) (bool, error) {
	if text == nil || pattern == nil {
		return false, nil
	}
	s, ok := text.(string)
	if !ok {
		return false, fmt.Errorf("%T is no text", text)
	}
	c, ok := pattern.(*compiled)
	if !ok {
		p, ok := pattern.(string)
		if !ok {
			return false, fmt.Errorf("%T is no regular expression", pattern)
		}
		var err error
		if c, err = m.compile(p); err != nil {
			return false, err
		}
	}
	if err := m.work(len(s)+1, matchWork+threadWork*max(c.size-smallPattern, 0)); err != nil {
		return false, err
	}
	return c.MatchString(s), nil
}

// smallPattern is how many instructions a small regular expression has, which says
// what most do. maxPattern bounds those that are made while an expression is
// evaluated, in bytes, and compileWork is what that takes.
const (
	smallPattern = 32
	maxPattern   = 256
	compileWork  = 1000
)

// compile compiles a regular expression that is not constant.
func (m *meter) compile(text string) (*compiled, error) {
	if len(text) > maxPattern {
		return nil, errWork
	}
	if err := m.work(len(text)+1, compileWork); err != nil {
		return nil, err
	}
	c, err := compile(text)
	if err != nil {
		return nil, err
	}
	return c, m.work(c.size, compileWork)
}
