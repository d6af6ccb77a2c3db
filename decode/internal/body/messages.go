package body

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// chooseMessages makes the content of a body that holds messages of protocol buffers.
func (b *Body) chooseMessages(v content.Variant, fields []wire.Field) {
	b.event.Content = wire.KindGRPC
	first := b.telling()
	b.decode(func() content.Content {
		c := b.call(v)
		c.First = first
		if v == content.OneMessage {
			return content.NewMessage(c, b.limits(false))
		}
		c.Coding = wire.FieldValue(fields, "grpc-encoding")
		if v == content.Connect {
			c.Coding = wire.FieldValue(fields, "connect-content-encoding")
		}
		return b.messages(c)
	})
}

// call returns what is known of the call that the body belongs to.
func (b *Body) call(v content.Variant) content.Call {
	x := b.exchange
	s := x.env.schema()
	return content.Call{
		Schema: s, Method: content.MethodOf(s, x.Target), FromServer: b.dir == wire.ToClient, Variant: v, Guessed: b.late,
		Role: x.role, Wanted: x.recipe.Reads, Idle: &x.env.idle,
	}
}

// messages returns what decodes the messages of c.
func (b *Body) messages(c content.Call) content.Content {
	next := content.NewGRPC(c, b.limits(false))
	if t := b.exchange.carriesMessages(c); t != nil {
		return t.Messages(c, b.late, next)
	}
	return next
}

// mayCall reports whether x may be a call of gRPC: the target of its request is not
// known, or is none of Docker's.
func (x *Exchange) mayCall() bool {
	return x.Target == "" || x.Target == wire.UnknownField || x.Call.Op == nil || x.Call.IsGRPC()
}

// guess makes the content of a body whose head may say that it holds messages of gRPC,
// and is not known: what it begins with decides.
func (b *Body) guess(fields []wire.Field) {
	t, other := b.typ, b.exchange.Sides[b.dir.Other()].typ
	b.decode(func() content.Content {
		c := b.call(content.GRPC)
		c.Coding, c.Guessed = wire.FieldValue(fields, "grpc-encoding"), true
		if c.Coding == "" {
			c.Coding = "gzip" // as all do that compress
		}
		named := !b.late && (c.Method.Name != "" || content.VariantOf(other) == content.GRPC)
		return content.NewGuessed(named, func() content.Content { return b.messages(c) },
			func() content.Content { return content.NewBody(t, b.limits(false), b.newJSON) })
	})
}

// telling has messages told to who wants to know what a call is about, and what became
// of it, if they may say it: the first of the request, or all answers. It returns
// whether it is only the first.
func (b *Body) telling() bool {
	n, target := &b.exchange.env.Needs, b.exchange.Target
	switch {
	case n.Messages || !n.Telling:
		return false
	case b.dir == wire.ToClient:
		b.tells = b.tells || dockerapi.TellsSteps(target)
		return false
	}
	first := dockerapi.TellsCall(target)
	b.tells = b.tells || first
	return first
}

// carriesMessages returns what finds a connection in the messages of a call; nil if
// there is none.
func (x *Exchange) carriesMessages(c content.Call) *content.Tunnel {
	n := x.env.Nester
	if c.Variant != content.GRPC || !content.MayCarry(c.Method) || n == nil || x.tunnel == nil && n.Full() {
		return nil
	}
	return x.mayTunnel("grpc")
}

// roleOf returns what files are for that a call of BuildKit's transfers: it says so
// in its metadata, but for what a build leaves.
func roleOf(fields []wire.Field, method string) string {
	switch dir := wire.FieldValue(fields, "dir-name"); {
	case strings.HasPrefix(method, "moby.filesync.v1.FileSend/"):
		return "export"
	case dir == "context" && wire.FieldValue(fields, "followpaths") == ignoreFile: // asked for before the rest
		return ignoreFile
	case dir == "context":
		return "build context"
	case dir == recipeRole:
		return dir
	}
	return ""
}

// ignoreFile says what a context is without.
const ignoreFile = ".dockerignore"

// recipeRole is the role of files that say how to build, which BuildKit calls so.
const recipeRole = "dockerfile"
