package risk

import (
	"slices"
	"strings"
)

// hub are the names of Docker Hub.
var hub = []string{"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"}

// transports are how references of Podman's begin that are for what is on the host.
var transports = []string{"dir:", "oci:", "oci-archive:", "docker-archive:", "docker-daemon:", "ostree:", "sif:", "tarball:"}

// image judges where an image comes from.
func (f *found) image(at, reference string) {
	if reference == "" || f.hidden(at, reference) {
		return
	}
	for _, t := range transports {
		if strings.HasPrefix(reference, t) {
			f.add(ImageElsewhere, at+" is from "+reference)
			return
		}
	}
	if host := registry(reference); !slices.Contains(hub, host) {
		f.add(ImageElsewhere, at+" is from "+host)
	}
}

// registry returns the registry that a reference names: what stands before its first
// slash, if that is a host.
func registry(reference string) string {
	reference = strings.TrimPrefix(strings.TrimPrefix(reference, "docker://"), "https://")
	host, _, behind := strings.Cut(reference, "/")
	if !behind || !strings.ContainsAny(host, ".:") && host != "localhost" && host == strings.ToLower(host) {
		return hub[0]
	}
	return strings.ToLower(host)
}
