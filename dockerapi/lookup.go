package dockerapi

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Lookup returns the operation that a request with this method and request
// target asks a Docker daemon for; false if there is none. It is safe for
// concurrent use and quick enough to be called for every request.
//
// The target may be a path or a URL, its query and a version such as /v1.41
// do not matter, and a base path that a client was configured with may come
// before the version, or before /_ping, which has none. Names of images and
// other things may hold slashes and colons: as in the daemon's own router,
// they are all that stands between the fixed parts of the path.
//
// It cannot tell one daemon from another: "GET /version" is an operation of
// many.
func Lookup(method, target string) (Operation, bool) {
	path := pathOf(target)
	rest, versioned := cutVersion(path)
	op := find(method, rest)
	switch {
	case op != nil:
	case method == "OPTIONS" && path != "":
		op = index.options
	case method == "POST" && !versioned && isGRPC(path):
		op = index.grpc
	default:
		op = findBelowBase(method, path)
	}
	if op == nil {
		return Operation{}, false
	}
	return *op, true
}

// pathOf returns the path of a request target, percent-decoded: of its origin
// form and its absolute form (RFC 9112, section 3.2). The asterisk is itself.
func pathOf(target string) string {
	if i := strings.IndexByte(target, '?'); i >= 0 {
		target = target[:i]
	}
	if !strings.HasPrefix(target, "/") {
		if _, after, ok := strings.Cut(target, "://"); ok {
			i := strings.IndexByte(after, '/')
			if i < 0 {
				return "/"
			}
			target = after[i:]
		}
	}
	if strings.IndexByte(target, '%') >= 0 {
		if p, err := url.PathUnescape(target); err == nil {
			return p
		}
	}
	return target
}

// cutVersion cuts a leading "/v1.41" off path. The dot is required: a "/v1"
// belongs to the API of some other daemon.
func cutVersion(path string) (rest string, ok bool) {
	if len(path) < 3 || path[:2] != "/v" {
		return path, false
	}
	dot := false
	for i := 2; i < len(path); i++ {
		switch c := path[i]; {
		case '0' <= c && c <= '9':
		case c == '.' && i > 2:
			dot = true
		case c == '/' && dot:
			return path[i:], true
		default:
			return path, false
		}
	}
	return path, false
}

// find returns the operation with this method whose path is path; nil if
// there is none.
func find(method, path string) *Operation {
	routes := index.routes[method][firstSegment(path)]
	for i := range routes {
		if r := &routes[i]; r.match(path) {
			return r.op
		}
	}
	return nil
}

// findBelowBase is find for a path with a base path before it. Podman's own
// API, which is below /libpod, is not Docker's.
func findBelowBase(method, path string) *Operation {
	for i := 1; i < len(path); i++ {
		if path[i] != '/' {
			continue
		}
		if strings.HasSuffix(path[:i], "/libpod") {
			return nil
		}
		rest, versioned := cutVersion(path[i:])
		if !versioned && rest != "/_ping" {
			continue
		}
		if op := find(method, rest); op != nil {
			return op
		}
	}
	return nil
}

// isGRPC says whether path is a gRPC method: "/package.Service/Method".
func isGRPC(path string) bool {
	service, name, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return ok && name != "" && 'A' <= name[0] && name[0] <= 'Z' &&
		strings.IndexByte(name, '/') < 0 && strings.IndexByte(service, '.') > 0
}

// firstSegment returns "containers" of "/containers/json".
func firstSegment(path string) string {
	path = strings.TrimPrefix(path, "/")
	if i := strings.IndexByte(path, '/'); i >= 0 {
		path = path[:i]
	}
	return path
}

// route is the path of an operation, cut at its parameters.
type route struct {
	op     *Operation
	prefix string // before the first parameter; all of it if there is none
	middle string // between two parameters; empty if there are fewer
	suffix string // after the last parameter
	params bool
}

// match says whether path is r's. No parameter is empty; the first of two is
// as long as it can be.
func (r *route) match(path string) bool {
	if !r.params {
		return path == r.prefix
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

// literal is how many bytes of r's path are fixed.
func (r *route) literal() int { return len(r.prefix) + len(r.middle) + len(r.suffix) }

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

// routeIndex is the table of operations, arranged for Lookup.
type routeIndex struct {
	// routes, by method and by the first segment of their paths, the most
	// specific first: without parameters, then by how much of the path is fixed.
	routes map[string]map[string][]route
	// The two that begin with a parameter, and are found in other ways.
	options, grpc *Operation
}

// index is never changed.
var index = newIndex(operations)

func newIndex(ops []Operation) routeIndex {
	x := routeIndex{routes: make(map[string]map[string][]route)}
	for i := range ops {
		op := &ops[i]
		switch {
		case !strings.HasPrefix(op.Path, "/{"):
			m := x.routes[op.Method]
			if m == nil {
				m = make(map[string][]route)
				x.routes[op.Method] = m
			}
			key := firstSegment(op.Path)
			m[key] = append(m[key], newRoute(op))
		case op.Method == "OPTIONS":
			x.options = op
		default:
			x.grpc = op
		}
	}
	for _, m := range x.routes {
		for _, routes := range m {
			slices.SortStableFunc(routes, specific)
		}
	}
	return x
}

// specific orders routes, the most specific first.
func specific(a, b route) int {
	if a.params != b.params {
		if b.params {
			return -1
		}
		return 1
	}
	return cmp.Compare(b.literal(), a.literal())
}
