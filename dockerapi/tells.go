package dockerapi

import "strings"

// Tells says which documents of an operation tell what things are called, how a
// process ended, why something failed, or which fields were used whose versions are known. That a
// response with an error status tells why is so for all operations.
type Tells uint8

const (
	InRequest  Tells = 1 << iota // the request's document
	InResponse                   // the response's documents
)

// Tells returns which documents of c tell something.
func (c Call) Tells() Tells {
	if c.Op == nil {
		return 0
	}
	return c.Op.Tells
}

// Kin returns the name of the operation of Docker's that o does the same as: of one of
// Podman's, that without what it has behind it; of others, their own. It is empty for
// none.
func (o *Operation) Kin() string {
	if o == nil {
		return ""
	}
	return strings.TrimSuffix(o.Name, "Libpod")
}

// Lists reports whether the response's document is a list of what o asks for.
func (o *Operation) Lists() bool { return strings.HasSuffix(o.Kin(), "List") }

// byName are the operations by their names; of several with one name, the first.
var byName = func() map[string]*Operation {
	m := make(map[string]*Operation, len(operations)+len(libpod))
	for _, table := range [...][]Operation{operations, libpod} {
		for i := range table {
			if op := &table[i]; m[op.Name] == nil {
				m[op.Name] = op
			}
		}
	}
	return m
}()

// Named returns the operation of this name; nil if there is none.
func Named(name string) *Operation { return byName[name] }

// objects are the types of what is below the first segment of a path.
var objects = map[string]string{
	"containers": "container", "exec": "exec", "images": "image", "build": "image", "commit": "container", "distribution": "image",
	"networks": "network", "volumes": "volume", "plugins": "plugin", "nodes": "node", "services": "service", "tasks": "task",
	"secrets": "secret", "configs": "config", "pods": "pod", "manifests": "manifest",
	"artifacts": "artifact", "quadlets": "quadlet",
}

// Object returns the type of what o is about, such as "container"; empty if it is
// about nothing that has a name.
func (o *Operation) Object() string {
	if o == nil {
		return ""
	}
	return objects[firstSegment(strings.TrimPrefix(o.Path, "/libpod"))]
}
