package dockerapi

import "strings"

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
