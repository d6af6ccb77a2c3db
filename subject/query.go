package subject

import (
	"net/url"
	"strings"
)

// parameter returns the value of a parameter in a query, the first of several.
func parameter(query, name string) string {
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if n, value, _ := strings.Cut(pair, "="); n == name {
			if v, err := url.QueryUnescape(value); err == nil {
				return v
			}
			return value
		}
	}
	return ""
}
