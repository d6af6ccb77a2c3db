package subject

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// parameter returns the value of a parameter in a query; empty if it has none.
func parameter(query, name string) string {
	value, _ := dockerapi.Parameter(query, name)
	return value
}

// maxFilters bounds how many filters of a list are told.
const maxFilters = 4

// filters adds what a list, a stream of events, or what is to be pruned is restricted
// to: {"container":{"web":true}}, or {"container":["web"]}.
func filters(x *wire.Exchange, doc string) {
	most := len(x.Details) + maxFilters
	for name, values := range jsontext.Members([]byte(doc)) {
		add := func(value []byte) {
			if len(x.Details) < most {
				detail(x, text(name), text(value))
			}
		}
		for value := range jsontext.Elements(values) {
			add(value)
		}
		for value, is := range jsontext.Members(values) {
			if string(is) == "true" {
				add(value)
			}
		}
	}
}
