package redact

import (
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/wire"
)

// traits say what is known of an exchange, or of all those of a connection,
// that decides what is secret in it.
type traits uint16

const (
	traitLogin    traits = 1 << iota // POST /auth
	traitData                        // Docker's secrets and configs
	traitAuthz                       // calls of authorization plugins
	traitPairs                       // the request is an array of "NAME=value"
	traitSealed                      // both directions carry what cannot be looked into, once HTTP has ended
	traitInput                       // the client sends what somebody types, once HTTP has ended
	traitBuild                       // the session parameter gives access to the client
	traitTarUp                       // the request's body is an archive
	traitTarDown                     // the response's body is an archive
	traitFormUp                      // the request's body is a form, as a query is
	traitFormDown                    // the response's body is a form
)

// tarOf and formOf return the trait of bodies that travel in direction dir.
func tarOf(dir wire.Dir) traits  { return traitTarUp << (dir & 1) }
func formOf(dir wire.Dir) traits { return traitFormUp << (dir & 1) }

// traitsOf returns what the request line of q tells. Paths are recognised by
// their ends, since there may be a base path and a version before them; and
// in whatever way they are written.
func traitsOf(method, target string) (t traits) {
	path, query, _ := strings.Cut(target, "?")
	path = strings.TrimRight(plainPath(path), "/")
	end := path[strings.LastIndexByte(path, '/')+1:]
	switch method = strings.ToUpper(method); end {
	case "auth":
		if method == "POST" && strings.HasSuffix(path, "/auth") {
			t |= traitLogin
		}
	case "session", "grpc":
		t |= traitSealed
	case "attach":
		t |= traitInput
	case "ws":
		if strings.HasSuffix(path, "/attach/ws") {
			t |= traitInput
		}
	case "websocket": // Incus: of running commands
		t |= traitInput
	case "start":
		if strings.Contains(path, "/exec/") {
			t |= traitInput
		}
	case "exec":
		if strings.Contains(path, "/pods/") || strings.Contains(path, "/exec/") {
			t |= traitInput
		}
	case "set":
		if strings.Contains(path, "/plugins/") {
			t |= traitPairs
		}
	case "authzplugin.authzreq", "authzplugin.authzres":
		t |= traitAuthz
	case "build":
		t |= traitBuild
	}
	if strings.Contains(path, "/secrets") || strings.Contains(path, "/configs") {
		t |= traitData
	}
	return t | archives(method, path, end, query)
}

// plainPath returns path in lower case, without percent-encoding and the
// fragment behind it. Nearly all paths are so.
func plainPath(path string) string {
	i := 0
	for i < len(path) && plainChars[path[i]] {
		i++
	}
	if i == len(path) {
		return path
	}
	path, _, _ = strings.Cut(path, "#")
	if p, err := url.PathUnescape(path); err == nil {
		path = p
	}
	return strings.ToLower(path)
}

// plainChars are those that stand for themselves only, in paths.
var plainChars = chars.Of("a0", "/-._~:@!$&'()*+,;=")

// archives returns which bodies of a call are archives.
func archives(method, path, end, query string) traits {
	images := func() bool { return strings.Contains(path, "/images/") }
	containers := func() bool { return strings.Contains(path, "/containers/") }
	switch method {
	case "PUT":
		if end == "archive" && containers() {
			return traitTarUp
		}
	case "POST":
		switch {
		case end == "build", end == "load" && images(), end == "import" && images(),
			end == "create" && strings.Contains(path, "/plugins/"),
			end == "create" && images() && strings.Contains(query, "fromSrc="):
			return traitTarUp
		case end == "copy" && containers():
			return traitTarDown
		}
	case "GET":
		if (end == "archive" || end == "export") && containers() || (end == "get" || end == "export") && images() {
			return traitTarDown
		}
	}
	return 0
}

// bodyTraits returns what header fields tell of the body that travels in
// direction dir.
func bodyTraits(fields []wire.Field, dir wire.Dir) traits {
	for i := range fields {
		f := &fields[i]
		if len(f.Name) != len("Content-Type") || !strings.EqualFold(f.Name, "Content-Type") {
			continue
		}
		switch wire.MediaType(f.Value) {
		case "application/x-tar", "application/tar", "application/x-gtar", "application/x-tar+gzip":
			return tarOf(dir)
		case "application/x-www-form-urlencoded":
			return formOf(dir)
		}
	}
	return 0
}

// isTar says whether b begins with the header of an archive's first file
// (POSIX.1-1988, ustar).
func isTar(b []byte) bool { return chars.HasPrefixAt(b, 257, "ustar") }
