package otlp

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Bounds of the asks that are known at once, and of each word in them.
const (
	maxAsks = 256
	maxWord = 200
)

// askKey is what requests must have in common to have the same ask.
type askKey struct {
	op                                     *dockerapi.Operation
	operation, method, api, version, agent string
}

// ask is what the spans of requests have in common that differ in their target alone.
type ask struct {
	name       string // of the span
	attributes []byte
}

// asks are those so far: clients ask for a few things again and again.
type asks map[askKey]ask

// of returns what the span of a request for op says, beside its target; nothing if there was no
// request.
func (a asks) of(q *wire.Request, op *dockerapi.Operation) ask {
	if q == nil {
		return ask{}
	}
	agent := wire.FieldValue(q.Fields, "User-Agent")
	key := askKey{op, q.Call.Operation, q.Method, q.Call.Version, q.Version, agent}
	if known, ok := a[key]; ok {
		return known
	}
	made := askOf(q, op, agent)
	for _, s := range []*string{&key.operation, &key.method, &key.api, &key.version, &key.agent} {
		if len(*s) > maxWord {
			return made
		}
		*s = strings.Clone(*s) // of the memory of an event
	}
	if len(a) >= maxAsks {
		clear(a)
	}
	a[key] = made
	return made
}

func askOf(q *wire.Request, op *dockerapi.Operation, agent string) ask {
	method := knownMethod(q.Method)
	made := ask{name: requestName(method, op)}
	dst := appendString(nil, spanAttributes, "http.request.method", method)
	if method == otherMethod {
		dst = appendText(dst, spanAttributes, "http.request.method_original", q.Method)
	}
	if t := template(op); t != "" {
		dst = appendString(dst, spanAttributes, "http.route", t)
		dst = appendString(dst, spanAttributes, "url.template", t)
	}
	dst = appendText(dst, spanAttributes, "socktrace.operation", q.Call.Operation)
	dst = appendText(dst, spanAttributes, "socktrace.api.version", q.Call.Version)
	dst = appendString(dst, spanAttributes, "network.protocol.name", "http")
	dst = appendText(dst, spanAttributes, "network.protocol.version", protocolVersion(q.Version))
	made.attributes = appendText(dst, spanAttributes, "user_agent.original", agent)
	return made
}
