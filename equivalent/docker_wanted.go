package equivalent

import (
	"net/url"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// wanted is what a request asks for, in pieces that remember whether a call gives them.
type wanted struct {
	x     *wire.Exchange
	name  string // what the path names: a container, an image
	query url.Values
	spent map[string]bool // parameters that a call gives
	body  *value          // nil if there is none that can be read
	cut   string          // why body is nil, though there is one that should be JSON
}

// wantedBy takes apart the request of x, which was seen.
func wantedBy(x *wire.Exchange) *wanted {
	a := &wanted{x: x, name: x.Request.Call.Subject, spent: make(map[string]bool)}
	_, query, _ := strings.Cut(x.Request.Target, "?")
	a.query, _ = url.ParseQuery(query) // of what cannot be read, the rest
	b := x.RequestBody
	if b == nil || len(b.Data) == 0 && b.Bytes == 0 {
		return a
	}
	op := dockerapi.Named(x.Request.Call.Operation)
	if isDoc := op != nil && op.RequestBody == dockerapi.JSON; !isDoc && b.Content != wire.KindJSON {
		return a
	}
	switch {
	case b.Truncated || !b.Complete:
		a.cut = "Not all of the request's body was kept: --max-body says how much is."
	default:
		if a.body = parsedValue(b.Data); a.body == nil {
			a.cut = "The request's body is no JSON that can be read."
		}
	}
	return a
}

// param returns the first value of a parameter, and uses all of them.
func (a *wanted) param(name string) string {
	a.spent[name] = true
	return a.query.Get(name)
}

// params returns all values of a parameter, and uses them.
func (a *wanted) params(name string) []string {
	a.spent[name] = true
	return a.query[name]
}

// on says whether a parameter is on, as the daemon reads it: what is no word for false.
func (a *wanted) on(name string) bool { return dockerapi.IsTrue(a.param(name)) }

// spend uses parameters that a call needs not give.
func (a *wanted) spend(names ...string) {
	for _, n := range names {
		a.spent[n] = true
	}
}

// document returns a parameter that is JSON, and uses it.
func (a *wanted) document(name string) *value { return parsedValue([]byte(a.param(name))) }

// filters returns the filters of a request as "name=value".
func (a *wanted) filters() []string {
	var all []string
	for _, m := range a.document("filters").members() {
		values := m.strs() // ["running"], as some clients send it
		for _, inner := range m.members() {
			if inner.kind == 't' { // {"running":true}
				values = append(values, inner.name)
			}
		}
		for _, v := range values {
			all = append(all, m.name+"="+v)
		}
	}
	return all
}

// rest returns the parameters that nobody used, and have a value.
func (a *wanted) rest() []string {
	var all []string
	for name, values := range a.query {
		for _, v := range values {
			if !a.spent[name] && dockerapi.IsTrue(v) {
				all = append(all, name+"="+v)
			}
		}
	}
	slices.Sort(all)
	return all
}

// last returns the last part of the path, decoded.
func (a *wanted) last() string {
	path, _, _ := strings.Cut(a.x.Request.Target, "?")
	part := path[strings.LastIndexByte(path, '/')+1:]
	if plain, err := url.PathUnescape(part); err == nil {
		return plain
	}
	return part
}
