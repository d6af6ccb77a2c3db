package risk

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// judges are what judge the documents of requests, by operation.
var judges = map[string]func(*found, []byte){
	"ContainerCreate": (*found).create,
	"ContainerStart":  (*found).create, // a HostConfig, or one in another, before API 1.24
	"ContainerUpdate": (*found).update,
	"ContainerExec":   (*found).exec,
	"ServiceCreate":   (*found).service,
	"ServiceUpdate":   (*found).service,
	"VolumeCreate":    func(f *found, doc []byte) { f.driver("it", doc) },

	"ContainerCreateLibpod": (*found).generator,
	"PodCreateLibpod":       (*found).generator,
}

// solve is the call of BuildKit that begins a build.
const solve = "/moby.buildkit.v1.Control/Solve"

// judge returns what judges the document of a request; nil if nothing does.
func judge(operation, target string) func(*found, []byte) {
	if IsGRPC(operation) && strings.HasSuffix(target, solve) {
		return (*found).solve
	}
	if j := judges[operation]; j != nil {
		return j
	}
	return judges[dockerapi.Named(operation).Kin()]
}

// Judges reports whether the document of a request for an operation is judged: without
// it not all is known.
func Judges(operation, target string) bool { return judge(operation, target) != nil }

// Document judges a document of a request. cut says that it is not all of it.
func Document(operation, target string, doc []byte, cut bool, known Known) []Risk {
	j := judge(operation, target)
	if j == nil {
		return nil
	}
	f := &found{known: known}
	switch {
	case cut:
		f.add(Unjudged, "its document is longer than was kept (--max-body)")
	case len(doc) == 0 || doc[0] != '{':
		f.add(Unjudged, "its document is no object")
	}
	j(f, doc)
	if m := merged(doc); m != nil {
		j(f, m)
	}
	return f.risks
}

// update judges what a container that is there is to have from now on.
func (f *found) update(doc []byte) { f.hostConfig("", doc) }
