package compare

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Request is what a client has asked for. Nothing of it is changed or kept.
type Request struct {
	Method string
	Target string
	Fields []wire.Field
	// Body is the document, without codings; of what is no document nothing is compared.
	Body []byte
}

// Requests returns what b, of B, asks for in another way than a, of A: none if they mean the
// same. Which version of the API they ask, how they write that and what is left at its default
// makes no difference. What it learns of ids is kept, whatever they differ in.
func (s *Session) Requests(a, b *Request) (all []Difference) {
	callA, _ := dockerapi.Match(a.Method, a.Target)
	callB, _ := dockerapi.Match(b.Method, b.Target)
	operation := callA.Name()
	if a.Method != b.Method && !(dockerapi.IsPing(operation) && dockerapi.IsPing(callB.Name())) {
		all = append(all, changed("method", a.Method, b.Method))
	}
	pathA, queryA := Path(a.Target)
	pathB, queryB := Path(b.Target)
	if !s.paths(operation, pathA, pathB) {
		all = append(all, changed("path", pathA, pathB))
	}
	all = append(all, s.query(operation, queryA, queryB)...)
	return append(all, s.bodies(a.Body, b.Body)...)
}

// bodies compares the documents of two requests.
func (s *Session) bodies(a, b []byte) []Difference {
	a, b = trimmed(a), trimmed(b)
	if !isDocument(a) || !isDocument(b) {
		return nil
	}
	return s.document("body", a, b, true)
}

// isDocument reports whether a body is a JSON document, or nothing.
func isDocument(body []byte) bool { return len(body) == 0 || json.Valid(body) }

// changed returns the difference of two values that are both there.
func changed(place, a, b string) Difference {
	return Difference{Place: place, A: a, B: b, HasA: true, HasB: true}
}

// Path returns the path of a request target, decoded and without the version of the API, and
// its query.
func Path(target string) (path, query string) {
	if i := strings.Index(target, "://"); i > 0 && !strings.HasPrefix(target, "/") {
		rest := target[i+3:]
		target = rest[max(0, strings.IndexByte(rest, '/')):]
	}
	path, query, _ = strings.Cut(target, "?")
	if decoded, err := url.PathUnescape(path); err == nil {
		path = decoded
	}
	return withoutVersion(path), query
}

// withoutVersion cuts "/v1.41" off a path.
func withoutVersion(path string) string {
	if !strings.HasPrefix(path, "/v") {
		return path
	}
	end := strings.IndexByte(path[1:], '/')
	if end < 0 {
		return path
	}
	version := path[2 : 1+end]
	for _, part := range strings.Split(version, ".") {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return path
		}
	}
	if !strings.Contains(version, ".") {
		return path
	}
	return path[1+end:]
}

// paths compares two paths: ids in them stand for each other, and images have several names.
func (s *Session) paths(operation, a, b string) bool {
	if pin(a) == pin(b) && s.asked(a, b) {
		return true
	}
	x, isX := imageIn(operation, a)
	y, isY := imageIn(operation, b)
	return isX && isY && imageName(x) == imageName(y)
}

// imageIn returns the name of the image that a path of an operation has; false if it has none.
func imageIn(operation, path string) (string, bool) {
	op := dockerapi.Named(operation)
	if op == nil || op.Object() != "image" {
		return "", false
	}
	before, after, ok := strings.Cut(op.Path, "{")
	_, after, closed := strings.Cut(after, "}")
	if !ok || !closed || len(path) < len(before)+len(after) || !strings.HasPrefix(path, before) || !strings.HasSuffix(path, after) {
		return "", false
	}
	return path[len(before) : len(path)-len(after)], true
}

// Answers returns in what two documents that answer the same request differ.
func (s *Session) Answers(a, b []byte) []Difference {
	return s.document("answer", trimmed(a), trimmed(b), false)
}

// Alike reports whether two documents that answer the same request say the same. Of those that do
// not it learns nothing.
func (s *Session) Alike(a, b []byte) bool {
	s.work = maxWork
	mark := s.Mark()
	w := walk{Session: s}
	if w.same("", a, b, 0) {
		return true
	}
	s.Undo(mark)
	return false
}

// Documents returns in what two documents differ of which nothing is known: of none of their
// fields it is known that it says nothing.
func (s *Session) Documents(a, b []byte) []Difference {
	s.work = maxWork
	w := walk{Session: s, foreign: true}
	w.value("answer", "", trimmed(a), trimmed(b), 0)
	return w.all
}
