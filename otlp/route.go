package otlp

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// callOf returns what a request asks the daemon for, with the template of its path; nil if
// that is not known.
func callOf(x *wire.Exchange) *dockerapi.Operation {
	q := x.Request
	if q == nil || q.Call.Operation == "" {
		return nil
	}
	return dockerapi.Route(q.Call.Operation, q.Method, q.Target)
}

// template returns the path of an operation with names for what differs: what all methods
// of gRPC share says nothing.
func template(op *dockerapi.Operation) string {
	if op == nil || strings.HasPrefix(op.Path, "/{") {
		return ""
	}
	return op.Path
}

// otherMethod stands for methods that are not known.
const otherMethod = "_OTHER"

// knownMethod returns a method of RFC 9110, RFC 5789 or the QUERY of draft-ietf-httpbis-safe-method-w-body,
// or else what stands for all others.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY":
		return method
	}
	return otherMethod
}

// requestName returns the name of a span of HTTP: never the path, which differs from request
// to request.
func requestName(method string, op *dockerapi.Operation) string {
	if method == otherMethod {
		method = "HTTP" // as the conventions say for methods that are not known
	}
	if t := template(op); t != "" {
		return method + " " + t
	}
	return method
}

// protocolVersion returns "1.1" of "HTTP/1.1".
func protocolVersion(version string) string {
	_, number, _ := strings.Cut(version, "/")
	return number
}
