package body

import (
	"strings"

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
	if r.Stream != 0 && (!named || x.Call.IsGRPC()) && wire.IsGRPC(wire.MediaType(wire.FieldValue(fields, "content-type"))) {
		if told, ok := x.Call.ToldGRPC(r.Target); ok {
			r.Call = told
		}
	}
}
