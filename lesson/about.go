package lesson

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/wire"
)

// grpcMethod is the operation that all methods of gRPC share which have no name of their
// own.
const grpcMethod = "GRPCMethod"

// shortID is how many digits of an id are shown, as Docker does.
const shortID = 12

// aboutOf returns what an exchange is about, by the name that people know, or the container
// that it happens inside of; empty if that is nothing in particular.
func aboutOf(x *wire.Exchange) (name string, inside bool) {
	s := &x.Subject
	if s.Type == "exec" && s.Container != "" {
		return shortened(s.Container), true
	}
	if s.Name == "" {
		return shortened(s.ID), false
	}
	return cutText(s.Name, maxName), false
}

// shortened returns an id in short; any other name stays.
func shortened(name string) string {
	digits := strings.TrimPrefix(name, "sha256:")
	if len(digits) == 64 && strings.Trim(digits, "0123456789abcdef") == "" {
		return digits[:shortID]
	}
	return cutText(name, maxName)
}

// detail returns a property of an exchange; empty if it has none of that name.
func detail(x *wire.Exchange, name string) string {
	for _, d := range x.Details {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// callName returns what a call inside is named: its operation, or else its request.
func callName(x *wire.Exchange) string {
	r := x.Request
	switch {
	case r == nil:
		return "a call whose request was not seen"
	case r.Call.Operation != "" && r.Call.Operation != grpcMethod:
		return r.Call.Operation
	}
	if g, ok := x.GRPC(); ok {
		return shortMethod(g.Method)
	}
	return cutText(r.Method+" "+r.Target, maxName)
}

// failed reports whether an exchange says that something failed.
func failed(x *wire.Exchange) bool {
	if g, ok := x.GRPC(); ok && g.Status != "" && g.Status != "OK" {
		return true
	}
	return x.Outcome.Error != "" || x.Response != nil && x.Response.Status >= 400
}

// shortMethod returns a method of gRPC with the last part of its service:
// "Control/Solve".
func shortMethod(method string) string {
	service, name, ok := strings.Cut(method, "/")
	if !ok {
		return cutText(method, maxName)
	}
	return cutText(service[strings.LastIndexByte(service, '.')+1:]+"/"+name, maxName)
}

// shortType returns the last part of the name of a type.
func shortType(name string) string {
	if name == "" {
		return "a message"
	}
	return cutText(name[strings.LastIndexByte(name, '.')+1:], maxName)
}

// fileOf returns an entry of an archive as people read it: "a/b, 120 B".
func fileOf(entry []byte) string {
	var name, size, link, kind string
	for n, value := range jsontext.Members(entry) {
		text := string(value)
		if s, ok := jsontext.Unquote(value); ok {
			text = string(s)
		}
		switch string(n) {
		case `"name"`:
			name = text
		case `"size"`:
			size = text
		case `"link"`:
			link = text
		case `"type"`:
			kind = text
		}
	}
	if link != "" {
		return name + " -> " + link
	}
	if n, err := strconv.ParseInt(size, 10, 64); err == nil {
		return name + ", " + units.Size(n)
	}
	if kind == "file" {
		return name + ", empty"
	}
	return name
}
