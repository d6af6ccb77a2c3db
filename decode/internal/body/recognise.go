package body

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Recognise notes what the request r, which has these fields, asks for. What is only
// like an operation of the table is decoded as one, but not called so. Calls of gRPC
// are named after their methods.
func (x *Exchange) Recognise(r *wire.Request, fields []wire.Field) {
	x.Target = r.Target
	if r.Stream != 0 {
		x.role = roleOf(fields, strings.TrimPrefix(r.Target, "/")) // the answer may begin before the body of the request
		if x.role == recipeRole {
			x.recipe, _ = dockerapi.RecipeOf(fields)
		}
	}
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
	if r.Stream != 0 && (!named || x.Call.IsGRPC()) && x.calls(fields) {
		if told, ok := x.Call.ToldGRPC(r.Target); ok {
			r.Call = told
		}
	}
}

// calls reports whether a request of these fields calls a method of gRPC: its type says
// so, or, where that may be among the fields that are not known, its target.
func (x *Exchange) calls(fields []wire.Field) bool {
	t := wire.FieldValue(fields, "content-type")
	if t == "" && wire.HasField(fields, wire.UnknownField) {
		return content.MethodOf(x.env.schema(), x.Target).Name != ""
	}
	return wire.IsGRPC(wire.MediaType(t))
}
