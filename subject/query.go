package subject

import "github.com/socktrace/socktrace/dockerapi"

// parameter returns the value of a parameter in a query; empty if it has none.
func parameter(query, name string) string {
	value, _ := dockerapi.Parameter(query, name)
	return value
}
