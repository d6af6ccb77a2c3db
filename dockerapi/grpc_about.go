package dockerapi

import (
	"slices"
	"strings"
)

// Naming is where a call of gRPC names what it is about.
type Naming struct {
	Type   string // of the thing: "image"
	Member string // of the first message that the client sends, with what it is in: "image.name"; of a list the first counts
	Field  string // of the request's metadata, where no message says it
}

// namings say what calls are about, by service, or by service and method where one is
// unlike its others. Of several the first that a call has counts.
var namings = map[string][]Naming{
	"containerd.services.containers.v1.Containers": {{Type: "container", Member: "container.id"}, {Type: "container", Member: "id"}},
	"containerd.services.content.v1.Content":       {{Type: "content", Member: "digest"}, {Type: "content", Member: "info.digest"}, {Type: "content", Member: "ref"}, {Type: "content", Member: "expected"}},
	"containerd.services.events.v1.Events":         {{Type: "event", Member: "topic"}, {Type: "event", Member: "envelope.topic"}},
	"containerd.services.images.v1.Images":         {{Type: "image", Member: "image.name"}, {Type: "image", Member: "name"}},
	"containerd.services.leases.v1.Leases":         {{Type: "lease", Member: "id"}},
	"containerd.services.namespaces.v1.Namespaces": {{Type: "namespace", Member: "namespace.name"}, {Type: "namespace", Member: "name"}},
	"containerd.services.sandbox.v1.Controller":    {{Type: "pod", Member: "sandboxId"}},
	"containerd.services.sandbox.v1.Store":         {{Type: "pod", Member: "sandbox.sandboxId"}, {Type: "pod", Member: "sandboxId"}},
	"containerd.services.snapshots.v1.Snapshots":   {{Type: "snapshot", Member: "name"}, {Type: "snapshot", Member: "key"}, {Type: "snapshot", Member: "info.name"}},
	"containerd.services.tasks.v1.Tasks":           {{Type: "container", Member: "containerId"}},

	"runtime.v1.ImageService":                 {{Type: "image", Member: "image.image"}},
	"runtime.v1.RuntimeService":               {{Type: "container", Member: "containerId"}, {Type: "container", Member: "config.metadata.name"}, {Type: "pod", Member: "podSandboxId"}},
	"runtime.v1.RuntimeService/RunPodSandbox": {{Type: "pod", Member: "config.metadata.name"}},

	"moby.buildkit.secrets.v1.Secrets": {{Type: "secret", Member: "ID"}},
	"moby.buildkit.v1.Control/Solve":   {{Type: "image", Member: "Exporters.Attrs.name"}, {Type: "image", Member: "ExporterAttrsDeprecated.name"}, {Type: "build", Member: "Ref"}},
	"moby.buildkit.v1.Control/Status":  {{Type: "build", Member: "Ref"}},
	"moby.buildkit.v1.frontend.LLBBridge": {
		{Type: "frontend", Member: "Frontend"}, {Type: "file", Member: "FilePath"}, {Type: "file", Member: "DirPath"}, {Type: "file", Member: "Path"},
		{Type: "image", Member: "Source.identifier"},
	},
	"moby.buildkit.v1.frontend.LLBBridge/ResolveImageConfig": {{Type: "image", Member: "Ref"}},
	"moby.filesync.v1.Auth":                                  {{Type: "registry", Member: "Host"}},
	"moby.filesync.v1.FileSync":                              {{Type: "folder", Field: "dir-name"}},
	"moby.sshforward.v1.SSH":                                 {{Type: "agent", Member: "ID"}},

	"grpc.health.v1.Health": {{Type: "service", Member: "service"}},
}

// Namings returns where a call of gRPC with this target may name what it is about;
// none, if that is not known.
func Namings(target string) []Naming {
	path, _, _ := strings.Cut(target, "?")
	path = strings.TrimPrefix(path, "/")
	service, _, called := strings.Cut(path, "/")
	if !called {
		return nil
	}
	if of := namings[path]; of != nil {
		return of
	}
	return namings[service]
}

// TellsCall reports whether the first message of a call with this target may name what
// it is about.
func TellsCall(target string) bool {
	of := Namings(target)
	return len(of) > 0 && of[0].Member != ""
}

// TellsSteps reports whether the answers to a call with this target tell how the steps
// of a build end.
func TellsSteps(target string) bool { return target == "/moby.buildkit.v1.Control/Status" }

// NamedTypes returns the types of what calls of gRPC are about.
func NamedTypes() (all []string) {
	for _, of := range namings {
		for i := range of {
			all = append(all, of[i].Type)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
