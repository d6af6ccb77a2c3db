package equivalent

import "net/url"

// unescaped returns a part of a query as the daemon reads it.
func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
