package body

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// shape returns what the body in direction dir consists of.
func (x *Exchange) shape(dir wire.Dir) dockerapi.Shape {
	if dir == wire.ToServer {
		return x.Call.RequestBody()
	}
	return x.Call.Response()
}
