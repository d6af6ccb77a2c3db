package body

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Recognise notes what the request r, which has these fields, asks for. What is only
// like an operation of the table is decoded as one, but not called so.
func (x *Exchange) Recognise(r *wire.Request, fields []wire.Field) {
	x.Target = r.Target
	named := false
	if x.Call, named = dockerapi.Match(r.Method, r.Target); !named {
		x.Call, _ = dockerapi.Akin(r.Method, r.Target)
	}
	if !x.env.Needs.Lines {
		return
	}
	if named {
		r.Call = x.Call.Told()
	}
	if r.Stream != 0 && (!named || x.Call.IsGRPC()) && wire.IsGRPC(wire.MediaType(wire.FieldValue(fields, "content-type"))) {
		r.Call = wire.Call{Operation: grpcName(r.Target, r.Call.Operation)}
	}
}

// grpcName returns what a call of gRPC is named, without the package of its service:
// "Control/Solve"; other if target is no path of one.
func grpcName(target, other string) string {
	service, method, ok := strings.Cut(strings.TrimPrefix(target, "/"), "/")
	service = service[strings.LastIndexByte(service, '.')+1:]
	if !ok || service == "" || method == "" || strings.ContainsAny(method, "/?") {
		return other
	}
	return service + "/" + method
}
