package policy

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// allowList decides as wollomatic's socket-proxy does: by method, with expressions that match the
// decoded path without its query. One for a method that is not there denies it.
type allowList struct {
	paths map[string][]*regexp.Regexp
	binds []string // folders that may be mounted, with what is below them; nil: all
}

// bindPaths are the paths whose documents it looks at for mounts.
var bindPaths = lazily(`^(/v[\d.]+)?/(containers/create|containers/[^/]+/update|services/create|services/[^/]+/update|volumes/create)$`)

// Decide implements Rules.
func (a *allowList) Decide(r Request) Verdict {
	u, err := url.ParseRequestURI(r.Target)
	if err != nil || !matches(a.paths[r.Method], u.Path) {
		return Verdict{}
	}
	if a.binds != nil && r.Method == "POST" && bindPaths().MatchString(u.Path) {
		for _, source := range r.Binds {
			if !a.mounts(source) {
				return Verdict{Why: "it mounts " + source}
			}
		}
	}
	return Verdict{Allowed: true}
}

// mounts reports whether something of the host may be mounted.
func (a *allowList) mounts(source string) bool {
	source = path.Clean(source)
	for _, dir := range a.binds {
		if dir == "/" || source == dir || strings.HasPrefix(source, dir+"/") {
			return true
		}
	}
	return false
}

func matches(all []*regexp.Regexp, text string) bool {
	for _, e := range all {
		if e.MatchString(text) {
			return true
		}
	}
	return false
}

// add adds an expression for a method.
func (a *allowList) add(method string, e *regexp.Regexp) {
	if a.paths == nil {
		a.paths = make(map[string][]*regexp.Regexp)
	}
	a.paths[method] = append(a.paths[method], e)
}

// plainFolder reports whether a folder can be said in a list with commas, in a line.
func plainFolder(dir string) bool {
	return path.Clean(dir) == dir && !strings.ContainsFunc(dir, func(r rune) bool {
		return r == ',' || r == '$' || r == '\'' || r == '"' || r == '\\' || r == '#' || r <= ' ' || r >= 0x7f
	})
}
