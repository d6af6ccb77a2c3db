package serve

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// calledOtherwise returns the target of e with its container called by its id where e has its
// name, and the other way around: clients of other versions, and other ways to ask, do so. Empty
// if e is about no container, or of that no other name is known by then.
func (e *exchange) calledOtherwise() string {
	call, _ := dockerapi.Match(e.request.Method, e.request.Target)
	s := e.subject
	if s.Type != "container" || call.Subject == "" {
		return ""
	}
	other := s.Name
	if call.Subject == s.Name {
		other = s.ID
	}
	before, after, ok := strings.Cut(e.request.Target, "/containers/"+call.Subject)
	if !ok || !isPlainName(other) || alike(other, call.Subject) || after != "" && after[0] != '/' && after[0] != '?' {
		return ""
	}
	return before + "/containers/" + other + after
}

// isPlainName reports whether a daemon would take s as the name of something.
func isPlainName(s string) bool {
	return len(s) > 1 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_.-") == ""
}
