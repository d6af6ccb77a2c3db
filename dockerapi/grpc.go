package dockerapi

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// IsGRPC reports whether the request calls a method of gRPC.
func (c Call) IsGRPC() bool { return c.Op != nil && c.Op == index.grpc }

// ToldGRPC is Told for a call of gRPC: it is named after its method, without the
// package of the service, as in "Control/Solve". It returns false if target is no path
// of one.
func (c Call) ToldGRPC(target string) (wire.Call, bool) {
	path, _ := split(target)
	path = strings.TrimPrefix(path, "/")
	service, method, ok := strings.Cut(path, "/")
	name := path[strings.LastIndexByte(service, '.')+1:]
	if !ok || name[0] == '/' || method == "" || strings.Contains(method, "/") {
		return wire.Call{}, false
	}
	return wire.Call{Operation: name, Waits: c.waits}, true
}
