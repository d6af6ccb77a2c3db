package dockerapi

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Match returns what a request with this method and request target asks a
// Docker daemon for; false if that is nothing. It is safe for concurrent use,
// quick enough to be called for every request, and allocates nothing unless the
// path is percent-encoded.
//
// The target may be a path or a URL, its query and a version such as /v1.41
// do not matter for which operation it is, and a base path that a client was
// configured with may come before the version, or before /_ping, which has none.
// Names of images and other things may hold slashes and colons: as in the
// daemon's own router, they are all that stands between the fixed parts of the
// path.
//
// It cannot tell one daemon from another: "GET /version" is an operation of
// many.
func Match(method, target string) (Call, bool) {
	path, query := split(target)
	version, rest := cutVersion(path)
	if method == "POST" && version == "" && isGRPC(path) { // no other path begins with a name that has a dot
		service, _, _ := strings.Cut(path[1:], "/")
		return Call{Op: index.grpc, Subject: service, waits: methodWaits(path)}, true
	}
	if r := find(method, rest); r != nil {
		return newCall(r.op, version, r.subject(rest), query), true
	}
	if method == "OPTIONS" && path != "" {
		return newCall(index.options, version, "", query), true
	}
	return matchBelow(method, path, query)
}

// matchBelow is Match for a path with a base path before it. What is below /libpod
// is Podman's own API, not Docker's.
func matchBelow(method, path, query string) (Call, bool) {
	for i := 1; i < len(path); i++ {
		if path[i] != '/' {
			continue
		}
		if strings.HasSuffix(path[:i], "/libpod") {
			return Call{}, false
		}
		version, rest := cutVersion(path[i:])
		if version == "" && rest != "/_ping" {
			continue
		}
		if r := find(method, rest); r != nil {
			return newCall(r.op, version, r.subject(rest), query), true
		}
	}
	return Call{}, false
}

// Akin returns the call that a request resembles which is none for Match: the
// path of its operation is below any other path. Podman's own API, below
// /libpod, is such, and has the streams and archives of Docker's; so is Docker's
// behind a base path without a version. What is right for the operation is
// likely right for the request, but its name is not.
func Akin(method, target string) (Call, bool) {
	path, query := split(target)
	for i := 1; i < len(path); i++ {
		if path[i] != '/' {
			continue
		}
		if r := find(method, path[i:]); r != nil {
			return newCall(r.op, "", r.subject(path[i:]), query), true
		}
	}
	return Call{}, false
}

// cutVersion cuts a leading "/v1.41" off path; version is empty if there is
// none. The dot is required: a "/v1" belongs to the API of some other daemon.
func cutVersion(path string) (version, rest string) {
	if !strings.HasPrefix(path, "/v") {
		return "", path
	}
	dot := false
	for i := 2; i < len(path); i++ {
		switch c := path[i]; {
		case '0' <= c && c <= '9':
		case c == '.' && i > 2:
			dot = true
		case c == '/' && dot:
			return path[2:i], path[i:]
		default:
			return "", path
		}
	}
	return "", path
}

// isGRPC says whether path is a gRPC method: "/package.Service/Method".
func isGRPC(path string) bool {
	path, absolute := strings.CutPrefix(path, "/")
	service, name, ok := strings.Cut(path, "/")
	return absolute && ok && name != "" && 'A' <= name[0] && name[0] <= 'Z' &&
		strings.IndexByte(name, '/') < 0 && strings.IndexByte(service, '.') > 0
}

// Tell returns what a request with this method and request target tells if it
// asks for operation, as a recording says or as is known from a target of which
// this one is what may be shown. Its version and its subject are left out if the
// target alone asks for something else.
func Tell(operation, method, target string) wire.Call {
	if operation != "" {
		c, _ := Match(method, target)
		if c.Name() == operation {
			return c.Told()
		}
		if told, ok := c.ToldGRPC(target); ok && c.IsGRPC() && told.Operation == operation {
			return told
		}
	}
	return wire.Call{Operation: operation}
}
