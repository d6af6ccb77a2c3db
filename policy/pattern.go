package policy

import (
	"regexp"
	"strings"
	"sync"
)

// width says how much the parameters in a path may be: as little as can be of what was seen.
type width uint8

const (
	narrow   width = iota // what ids and names consist of; for images, references
	within                // anything up to the next slash
	anything              // anything
)

// pattern returns an expression for a path, behind the version: one for what stands in the place
// of each parameter.
func pattern(path, parameter string) string {
	var b strings.Builder
	for {
		before, rest, more := strings.Cut(path, "{")
		b.WriteString(regexp.QuoteMeta(before))
		if !more {
			return b.String()
		}
		b.WriteString(parameter)
		_, path, _ = strings.Cut(rest, "}")
	}
}

// dialect is how a proxy's expressions are written.
type dialect struct {
	params  [anything + 1]string
	refs    [anything + 1]string // for images and the like
	prefix  string               // a version, or none
	suffix  string               // a query, or none
	anyPath string
}

// The dialects. What wollomatic's proxy matches is the decoded path; what cetusguard matches is
// the target as it was sent, with its query.
var (
	decodedPath = dialect{
		params:  [...]string{`[\w.-]+`, `[^/]+`, `.+`},
		refs:    [...]string{`[\w.:/@-]+`, `.+`, `.+`},
		prefix:  `(/v[\d.]+)?`,
		anyPath: `/.*`,
	}
	sentTarget = dialect{
		params:  [...]string{`[\w.-]+`, `[^/?]+`, `[^?]+`},
		refs:    [...]string{`[\w.:/@%-]+`, `[^?]+`, `[^?]+`},
		prefix:  `(/v[0-9.]+)?`,
		suffix:  `(\?.*)?`,
		anyPath: `/.*`,
	}
)

// expression returns the expression for an operation.
func (d *dialect) expression(o *operation, w width) string {
	if strings.HasPrefix(o.Path, "/{anyroute") {
		return d.anyPath
	}
	params := d.params
	if takesReference(o.Path) {
		params = d.refs
	}
	return d.prefix + pattern(o.Path, params[w]) + d.suffix
}

// anchored compiles an expression as both proxies do: it has to match all, as far as no bar at
// its top level says otherwise.
func anchored(expression string) (*regexp.Regexp, error) {
	return regexp.Compile("^" + expression + "$")
}

// compiled are the expressions for an operation, by width.
type compiled [anything + 1]*regexp.Regexp

func (d *dialect) compile(o *operation) (c compiled) {
	for w := range c {
		c[w] = regexp.MustCompile("^" + d.expression(o, width(w)) + "$")
	}
	return c
}

// least returns the least width that lets in text, and false if none does.
func (c *compiled) least(text string, from width) (width, bool) {
	for w := from; w <= anything; w++ {
		if c[w].MatchString(text) {
			return w, true
		}
	}
	return from, false
}

// mustAnchor is anchored for an expression of ours.
func mustAnchor(expression string) *regexp.Regexp { return regexp.MustCompile("^" + expression + "$") }

// lazily returns what compiles an expression of ours when it is first asked: most commands
// never ask.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
