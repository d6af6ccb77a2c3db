package policy

import (
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/dockerapi"
)

// operation is a route of the API, with requests that ask for it.
type operation struct {
	*dockerapi.Operation
	libpod  bool // it is one of Podman's own
	samples []string
}

// operations are all that a proxy of HTTP/1 can be asked for, in the order of the table.
// They are made when they are first asked for.
var operations = sync.OnceValue(func() (all []operation) {
	for _, op := range dockerapi.Operations() {
		if !relayed(op) {
			continue
		}
		o := operation{Operation: op, libpod: strings.HasPrefix(op.Path, "/libpod/")}
		o.samples = samples(op.Path, o.libpod)
		all = append(all, o)
	}
	return all
})

// relayed reports whether the proxies relay an operation: what is HTTP/2 from its first byte
// they do not.
func relayed(op *dockerapi.Operation) bool {
	return op.Method != "PRI" && !strings.HasPrefix(op.Path, "/{grpc")
}

// samples returns targets that ask for the operation of a path, with a version and without.
func samples(path string, libpod bool) (all []string) {
	names := []string{"web-1", "4f66ad9abb2d0e3c"}
	if takesReference(path) {
		names = []string{"busybox", "team/app:1.36", "registry.example:5000/team/app"}
	}
	version := "/v1.41"
	if libpod {
		version = "/v4.0.0"
	}
	for _, name := range names {
		filled := fill(path, name)
		if strings.HasPrefix(path, "/{anyroute") {
			filled = "/containers/json"
		}
		if !slices.Contains(all, filled) {
			all = append(all, filled, version+filled)
		}
	}
	return all
}

// fill puts a name in the place of the parameters of a path.
func fill(path, name string) string {
	var b strings.Builder
	for {
		before, rest, more := strings.Cut(path, "{")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		b.WriteString(name)
		_, path, _ = strings.Cut(rest, "}")
	}
}

// takesReference reports whether the parameter of a path names an image or the like, which may
// have slashes and colons.
func takesReference(path string) bool {
	switch section(strings.TrimPrefix(path, "/libpod")) {
	case "images", "plugins", "distribution", "manifests", "artifacts":
		return true
	}
	return false
}

// section returns the first segment of a path: "containers" of "/containers/json".
func section(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// letIn reports whether rules allow a request for o.
func (o *operation) letIn(r Rules) bool {
	return slices.ContainsFunc(o.samples, func(target string) bool { return allows(r, o.Method, target) })
}

// countNames returns how many operations there are of these, by name: some have several paths.
func countNames(ops []*operation) int {
	names := make(map[string]bool, len(ops))
	for _, o := range ops {
		names[o.Name] = true
	}
	return len(names)
}
