package explain

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// requested returns the operations that a request asks for: a method and a target, or a
// target alone, which may be a path, or a URL.
func requested(text string) []*Entry {
	method, target := "", text
	switch words := strings.Fields(text); {
	case len(words) == 2 || len(words) == 3 && strings.HasPrefix(words[2], "HTTP/"):
		method, target = strings.ToUpper(words[0]), words[1]
	case len(words) != 1:
		return nil
	}
	if target = targetOf(target); target == "" {
		return nil
	}
	if e := calledByGRPC(method, target); e != nil {
		return []*Entry{e}
	}
	if method == "" {
		return Askable(target)
	}
	for _, match := range []func(method, target string) (dockerapi.Call, bool){dockerapi.Match, dockerapi.Akin} {
		if call, ok := match(method, target); ok && !call.IsGRPC() {
			return []*Entry{Of(call.Name())}
		}
	}
	return nil
}

// targetOf returns a target that somebody has typed as one of a request: a path, or a
// URL; empty if it is none.
func targetOf(typed string) string {
	typed, _, _ = strings.Cut(unquoted(typed), "#")
	path, query, has := strings.Cut(typed, "?")
	path = strings.TrimRight(path, "/")
	switch {
	case !strings.Contains(path, "/"):
		return ""
	case path[0] != '/' && !strings.Contains(path, "://"):
		path = "/" + path
	}
	if has {
		path += "?" + query
	}
	return path
}

// calledByGRPC returns the method of gRPC that a target calls; nil if it is none.
func calledByGRPC(method, target string) *Entry {
	if method != "" && method != "POST" && method != "GRPC" {
		return nil
	}
	path, _, _ := strings.Cut(target, "?")
	for _, e := range texts().entries {
		for _, r := range e.Requests {
			at := len(path) - len(r.Path)
			if e.IsGRPC() && at >= 0 && strings.EqualFold(path[at:], r.Path) {
				return e
			}
		}
	}
	return nil
}

// Askable returns the operations that a path or URL can ask for, by any method.
func Askable(target string) []*Entry {
	ops := dockerapi.Asked(target)
	return those(func(e *Entry) bool {
		return slices.ContainsFunc(ops, func(op *dockerapi.Operation) bool { return op.Name == e.Name })
	})
}
