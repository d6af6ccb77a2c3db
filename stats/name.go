package stats

import "strings"

const (
	// maxMethod and maxPath bound what a name has of the traffic, in bytes.
	maxMethod = 20
	maxPath   = 200
	// maxSegment is how long a segment of a path may be that is no id, and
	// maxSegments how many of them a name has.
	maxSegment  = 40
	maxSegments = 8
)

// variable stands in names for what differs from request to request.
const variable = "{id}"

// appendMethod appends the method of a request.
func appendMethod(dst []byte, method string) []byte {
	return append(dst, method[:min(len(method), maxMethod)]...)
}

// appendPath appends the path of a request target, so that requests of a kind have
// one: without query and version of the API, and with {id} for numbers, ids and
// digests.
func appendPath(dst []byte, target string) []byte {
	path := target
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if _, rest, absolute := strings.Cut(path, "://"); absolute && path[0] != '/' { // RFC 9112, section 3.2.2
		_, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	path = withoutVersion(path)
	from := len(dst)
	for n := 0; path != "" && n <= maxSegments; n++ {
		var segment string
		segment, path = cutSegment(path)
		switch name := strings.TrimPrefix(segment, "/"); {
		case n == maxSegments || len(dst)-from+len(segment) > maxPath:
			return append(dst, "/..."...)
		case varies(name):
			dst = append(append(dst, segment[:len(segment)-len(name)]...), variable...)
		default:
			dst = append(dst, segment...)
		}
	}
	return dst
}

// cutSegment cuts a path before its second slash.
func cutSegment(path string) (segment, rest string) {
	if i := strings.IndexByte(path[1:], '/'); i >= 0 {
		return path[:i+1], path[i+1:]
	}
	return path, ""
}

// withoutVersion returns a path without the version that it begins with, as
// "/v1.41" does.
func withoutVersion(path string) string {
	if !strings.HasPrefix(path, "/v") {
		return path
	}
	version, rest := cutSegment(path)
	if digits := version[len("/v"):]; digits == "" || rest == "" || strings.Trim(digits, "0123456789.") != "" {
		return path
	}
	return rest
}

// varies reports whether a segment is a number, an id, a digest, a date or an
// address, or too long for a name.
func varies(segment string) bool {
	if len(segment) > maxSegment {
		return true
	}
	if _, digest, ok := strings.Cut(segment, ":"); ok && len(digest) >= 12 {
		segment = digest
	}
	return strings.ContainsAny(segment, "0123456789") && strings.Trim(segment, "0123456789abcdefABCDEF-.:") == ""
}
