package risk

import "strings"

// network judges which network something is connected to, by its name or its id.
func (f *found) network(at, called string) {
	if called == "host" {
		f.add(HostNetwork, at+" has host")
	} else if f.isHost(called) {
		f.add(HostNetwork, at+" has host, as "+called)
	}
	f.hidden(at, called)
}

// isHost reports whether this may be how an id of the host's network begins.
func (f *found) isHost(called string) bool {
	for _, id := range f.known.Hosts {
		if called != "" && strings.HasPrefix(id, called) {
			return true
		}
	}
	return false
}

// networks judges the networks of a service.
func (f *found) networks(at string, list []byte) {
	for network := range f.elements(at, list) {
		for name, value := range f.members(at, network) {
			if name == "target" {
				f.network(at, text(value))
			}
		}
	}
}

// endpoints judges the networks that a container is connected to.
func (f *found) endpoints(at string, doc []byte) {
	for name, value := range f.members(at, doc) {
		if name != "endpointsconfig" {
			continue
		}
		for network := range f.named(at+".EndpointsConfig", value) {
			f.network(at+".EndpointsConfig", network)
		}
	}
}

// namespace judges which namespace a container has. One that is named by its path is one
// that is there already: of the host, or of what runs in it.
func (f *found) namespace(at, mode, mark string) {
	switch {
	case f.hidden(at, mode):
	case mode == "host":
		f.add(mark, at+" is host")
	case strings.HasPrefix(mode, "ns:"), strings.HasPrefix(mode, "/"):
		f.add(mark, at+" is "+mode+", by its path")
	case mark == HostNetwork && f.isHost(mode):
		f.add(mark, at+" is host, as "+mode)
	}
}

// space judges a namespace of Podman's, of which each member may come several times.
func (f *found) space(at string, doc []byte, mark string) {
	path, by := false, ""
	for name, value := range f.members(at, doc) {
		switch name {
		case "nsmode":
			path = path || text(value) == "path"
			f.namespace(at+".nsmode", text(value), mark)
		case "value":
			by = text(value)
		}
	}
	if path {
		f.namespace(at, "ns:"+by, mark)
	}
}
