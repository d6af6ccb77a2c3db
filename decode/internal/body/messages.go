package body

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// chooseMessages makes the content of a body that holds messages of protocol buffers.
func (b *Body) chooseMessages(v content.Variant, fields []wire.Field) {
	b.event.Content = wire.KindGRPC
	x := b.exchange
	b.decode(func() content.Content {
		s := x.env.schema()
		c := content.Call{Schema: s, Method: content.MethodOf(s, x.Target), FromServer: b.dir == wire.ToClient, Variant: v}
		c.Role, c.Wanted, c.Idle = x.role, x.recipe.Reads, &x.env.idle
		if v == content.OneMessage {
			return content.NewMessage(c, b.limits(false))
		}
		c.Coding = wire.FieldValue(fields, "grpc-encoding")
		if v == content.Connect {
			c.Coding = wire.FieldValue(fields, "connect-content-encoding")
		}
		if t := x.carriesMessages(c); t != nil {
			return t.Messages(c, b.late, content.NewGRPC(c, b.limits(false)))
		}
		return content.NewGRPC(c, b.limits(false))
	})
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
	case dir == "context":
		return "build context"
	case dir == recipeRole:
		return dir
	}
	return ""
}

// recipeRole is the role of files that say how to build, which BuildKit calls so.
const recipeRole = "dockerfile"
