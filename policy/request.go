package policy

import (
	"net/url"
	"strings"
)

// Request is what a proxy decides about.
type Request struct {
	Method string
	Target string   // as sent: a path or a URL, with its query
	Binds  []string // what its document wants to have mounted of the host
}

// origin returns the target as a path with a query, as proxies get to see it (RFC 9112, section
// 3.2.2).
func (r Request) origin() string {
	if strings.HasPrefix(r.Target, "/") {
		return r.Target
	}
	if _, after, ok := strings.Cut(r.Target, "://"); ok {
		if i := strings.IndexByte(after, '/'); i >= 0 {
			return after[i:]
		}
		return "/"
	}
	return r.Target
}

// path returns the path of the target without its query; decoded is false if that cannot be
// percent-decoded.
func (r Request) path() (raw, path string, decoded bool) {
	raw, _, _ = strings.Cut(r.origin(), "?")
	path, err := url.PathUnescape(raw)
	return raw, path, err == nil
}

// Verdict is what a proxy decides. The zero value denies.
type Verdict struct {
	Allowed bool
	Why     string // it is denied, if that is not for its method or its path alone
}

// Rules decide as a proxy does that has them.
type Rules interface {
	Decide(Request) Verdict
}

// allows reports whether rules allow a request that mounts nothing.
func allows(r Rules, method, target string) bool {
	return r.Decide(Request{Method: method, Target: target}).Allowed
}
