package dockerapi

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// route is the path of an operation, cut at its parameters.
type route struct {
	op     *Operation
	prefix string // before the first parameter; all of it if there is none
	middle string // between two parameters; empty if there are fewer
	suffix string // after the last parameter
	params bool
}

func newRoute(op *Operation) route {
	r := route{op: op, prefix: op.Path}
	if prefix, rest, ok := strings.Cut(op.Path, "{"); ok {
		r.prefix, r.params = prefix, true
		_, r.suffix, _ = strings.Cut(rest, "}")
	}
	if middle, rest, ok := strings.Cut(r.suffix, "{"); ok {
		r.middle = middle
		_, r.suffix, _ = strings.Cut(rest, "}")
	}
	return r
}

// match says whether path is r's. No parameter is empty; the first of two is
// as long as it can be.
func (r *route) match(path string) bool {
	if !r.params {
		return path == r.prefix
	}
	if n := len(r.suffix); n > 0 && path != "" && path[len(path)-1] != r.suffix[n-1] {
		return false // most differ there
	}
	if len(path) <= len(r.prefix)+len(r.suffix) || !strings.HasSuffix(path, r.suffix) || !strings.HasPrefix(path, r.prefix) {
		return false
	}
	if r.middle == "" {
		return true
	}
	params := path[len(r.prefix) : len(path)-len(r.suffix)]
	i := strings.LastIndex(params, r.middle)
	return i > 0 && i+len(r.middle) < len(params)
}

// subject returns the first parameter in path, which r matches; empty if there is
// none.
func (r *route) subject(path string) string {
	s := path[len(r.prefix) : len(path)-len(r.suffix)]
	if r.middle != "" {
		s = s[:strings.LastIndex(s, r.middle)]
	}
	return s
}

// literal is how many bytes of r's path are fixed.
func (r *route) literal() int { return len(r.prefix) + len(r.middle) + len(r.suffix) }

// specific orders routes, the most specific first: those with more of the path
// fixed, which one without parameters has all of.
func specific(a, b route) int {
	return cmp.Compare(b.literal(), a.literal())
}

// routeIndex is the table of operations, arranged for Match.
type routeIndex struct {
	// routes, by method and by how their paths begin, the most specific first.
	routes  map[string]map[string][]route
	methods []string // of routes, in the order of the table
	// The two that begin with a parameter, and are found in other ways.
	options, grpc *Operation
}

// index is never changed.
var index = newIndex(operations, libpod)

func newIndex(tables ...[]Operation) routeIndex {
	x := routeIndex{routes: make(map[string]map[string][]route)}
	for _, ops := range tables {
		for i := range ops {
			x.add(&ops[i])
		}
	}
	for _, m := range x.routes {
		for _, routes := range m {
			slices.SortStableFunc(routes, specific)
		}
	}
	return x
}

// add adds an operation.
func (x *routeIndex) add(op *Operation) {
	switch {
	case !strings.HasPrefix(op.Path, "/{"):
		m := x.routes[op.Method]
		if m == nil {
			m = make(map[string][]route)
			x.routes[op.Method] = m
			x.methods = append(x.methods, op.Method)
		}
		key := beginning(op.Path)
		m[key] = append(m[key], newRoute(op))
	case op.Method == "OPTIONS":
		x.options = op
	default:
		x.grpc = op
	}
}

// find returns the route with this method whose path is path; nil if there is
// none.
func find(method, path string) *route {
	routes := index.routes[method][beginning(path)]
	for i := range routes {
		if r := &routes[i]; r.match(path) {
			return r
		}
	}
	return nil
}

// beginning returns the first segment of a path, with the next one behind Podman's:
// "containers" of "/containers/json", "libpod/pods" of "/libpod/pods/json".
func beginning(path string) string {
	const podman = "/libpod/"
	if !strings.HasPrefix(path, podman) {
		return firstSegment(path)
	}
	end := len(podman)
	for end < len(path) && path[end] != '/' {
		end++
	}
	return path[1:end]
}

// firstSegment returns "containers" of "/containers/json".
func firstSegment(path string) string {
	path = strings.TrimPrefix(path, "/")
	if i := strings.IndexByte(path, '/'); i >= 0 {
		path = path[:i]
	}
	return path
}

// split returns the path of a request target, percent-decoded, and its query:
// of its origin form and its absolute form (RFC 9112, section 3.2). The asterisk
// is itself.
func split(target string) (path, query string) {
	path, query, _ = strings.Cut(target, "?")
	if !strings.HasPrefix(path, "/") {
		if _, after, ok := strings.Cut(path, "://"); ok {
			i := strings.IndexByte(after, '/')
			if i < 0 {
				return "/", query
			}
			path = after[i:]
		}
	}
	if strings.IndexByte(path, '%') >= 0 {
		if p, err := url.PathUnescape(path); err == nil {
			path = p
		}
	}
	return path, query
}
