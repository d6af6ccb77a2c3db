package dockerapi

import (
	"net/url"
	"strings"
)

// Parameter returns the value of the parameter called name in the query of a request
// target, decoded; false if query does not have it. Of several with one name the first counts.
func Parameter(query, name string) (string, bool) {
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if n, value, _ := strings.Cut(pair, "="); Unescaped(n) == name {
			return Unescaped(value), true
		}
	}
	return "", false
}

// IsTrue reports whether the value of a parameter is true as the daemon reads it: what is no
// word for false is.
func IsTrue(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "0", "no", "false", "none":
		return false
	}
	return true
}

// isSet reports whether the parameter called name is true, or otherwise if query does not
// have it.
func isSet(query, name string, otherwise bool) bool {
	value, ok := Parameter(query, name)
	if !ok {
		return otherwise
	}
	return IsTrue(value)
}

// asks reports whether query has a parameter with its value, given as
// "name=value".
func asks(query, pair string) bool {
	name, want, _ := strings.Cut(pair, "=")
	value, ok := Parameter(query, name)
	return ok && value == want
}

// Unescaped returns a name or value of a query as the daemon reads it. One with a bad escape
// stays as it is.
func Unescaped(s string) string {
	if strings.IndexByte(s, '%') >= 0 || strings.IndexByte(s, '+') >= 0 {
		if u, err := url.QueryUnescape(s); err == nil {
			return u
		}
	}
	return s
}
