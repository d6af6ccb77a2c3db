package risk

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Request judges the head of a request to a daemon of which this is known.
func Request(q *wire.Request, known Known) []Risk {
	f := &found{known: known}
	_, query, _ := strings.Cut(q.Target, "?")
	op := dockerapi.Named(q.Call.Operation)
	switch name := op.Kin(); {
	case IsGRPC(q.Call.Operation):
		f.method(q.Target)
	case op == nil:
		f.unknown(q)
	case simple[name].Mark != "":
		f.add(simple[name].Mark, simple[name].Why)
		if name == "SecretCreate" {
			f.secret(query)
		}
	default:
		f.asked(name, query, q)
	}
	f.head(op.Kin(), q)
	return f.risks
}

// simple are the operations that are a risk as such.
var simple = map[string]Risk{
	"ExecStart":           {Exec, "starts what is prepared in a container"},
	"ContainerArchive":    {ArchiveOut, "takes files out of a container"},
	"ContainerCopy":       {ArchiveOut, "takes files out of a container"},
	"PutContainerArchive": {ArchiveIn, "puts files into a container"},
	"ContainerExport":     {Export, "takes all files of a container out"},
	"VolumeExport":        {Export, "takes all files of a volume out"},
	"VolumeImport":        {ArchiveIn, "puts files into a volume"},
	"CheckpointCreate":    {Export, "writes the memory of a container to the disk"},
	"ContainerCheckpoint": {Export, "writes the memory of a container to the disk, or to the client"},
	"ImageGet":            {Export, "takes an image out"},
	"ImageGetAll":         {Export, "takes images out"},
	"ImageExport":         {Export, "takes images out"},
	"ImageScp":            {Export, "copies an image to another host, or user"},
	"ImageCommit":         {Commit, "makes an image of a container"},
	"ImageLoad":           {ImageElsewhere, "is loaded from the client"},
	"LocalImages":         {ImageElsewhere, "is loaded from a file of the host"},
	"ImageImport":         {ImageElsewhere, "is imported"},
	"ImageInsert":         {ArchiveIn, "puts a file into an image"},
	"SecretInspect":       {SecretRead, "reads a secret"},
	"ConfigInspect":       {SecretRead, "reads a config"},
	"ConfigList":          {SecretRead, "reads configs, with what is in them"},
	"SwarmInspect":        {SecretRead, "reads the tokens that let nodes join"},
	"SwarmUnlockkey":      {SecretRead, "reads the key that unlocks the swarm"},
	"SystemAuthConfig":    {SecretRead, "reads credentials of a registry"},
	"SecretCreate":        {SecretSent, "sends a secret"},
	"SecretUpdate":        {SecretSent, "sends a secret"},
	"ConfigCreate":        {SecretSent, "sends a config"},
	"ConfigUpdate":        {SecretSent, "sends a config"},
	"SystemAuth":          {SecretSent, "sends credentials of a registry"},
	"SwarmInit":           {Swarm, "makes a swarm"},
	"SwarmJoin":           {Swarm, "joins a swarm"},
	"SwarmLeave":          {Swarm, "leaves the swarm"},
	"SwarmUpdate":         {Swarm, "changes the swarm"},
	"SwarmUnlock":         {Swarm, "unlocks the swarm"},
	"NodeUpdate":          {Swarm, "changes a node"},
	"NodeDelete":          {Swarm, "removes a node"},
	"PluginPull":          {Plugin, "installs a plugin"},
	"PluginPullByName":    {Plugin, "installs a plugin"},
	"PluginCreate":        {Plugin, "makes a plugin"},
	"PluginUpgrade":       {Plugin, "upgrades a plugin"},
	"PluginEnable":        {Plugin, "enables a plugin"},
	"PluginDisable":       {Plugin, "disables a plugin"},
	"PluginDelete":        {Plugin, "removes a plugin"},
	"PluginSet":           {Plugin, "changes a plugin"},
	"ContainerUpdate":     {ContainerUpdate, "changes a container that is there"},
	"PlayKube":            {Unjudged, "manifests of Kubernetes are not judged"},
	"KubeApply":           {Unjudged, "manifests of Kubernetes are not judged"},
	"QuadletInstall":      {Unjudged, "units of Quadlet are not judged"},
	"ContainerRestore":    {Unjudged, "checkpoints are not judged"},
}

// asked judges what the query of an operation says.
func (f *found) asked(name, query string, q *wire.Request) {
	switch name {
	case "ImageBuild", "LocalBuild":
		f.build(query)
	case "ImageCreate":
		for name, value := range parameters(query) {
			switch {
			case name == "fromimage":
				f.image("it", value)
			case name == "fromsrc" && value == "-":
				f.add(ImageElsewhere, "is imported from the client")
			case name == "fromsrc" && value != "":
				f.add(ImageElsewhere, "is imported from "+value)
			}
		}
	case "ImagePull", "ArtifactPull":
		for name, value := range parameters(query) {
			if name == "reference" || name == "name" {
				f.image("it", value)
			}
		}
	case "ImagePush", "ManifestPush":
		for name, value := range parameters(query) {
			if kind, file, _ := strings.Cut(value, ":"); name == "destination" && slices.Contains(transports, kind+":") {
				f.written(name, file)
			}
		}
	case "NetworkConnect":
		f.network("it", q.Call.Subject)
	}
}

// head judges the fields of a request.
func (f *found) head(name string, q *wire.Request) {
	for i := range q.Fields {
		h := &q.Fields[i]
		switch strings.ToLower(h.Name) {
		case "x-registry-auth", "x-registry-config":
			if v := strings.TrimRight(h.Value, "="); h.Masked || v != "" && v != "e30" && v != "bnVsbA" { // {} and null
				f.add(SecretSent, "sends credentials of a registry")
			}
		case "content-type":
			if wire.MediaType(h.Value) == "application/x-www-form-urlencoded" && name != "" {
				f.add(Unjudged, "its parameters may be in its body")
			}
		}
	}
}

// places are where the API of Docker or Podman begins.
var places = []string{"containers", "images", "build", "commit", "exec", "volumes", "networks", "plugins", "swarm", "services", "secrets", "configs", "nodes", "session", "libpod"}

// unknown tells of a request that changes something in a place of the API, and is no
// operation that is known.
func (f *found) unknown(q *wire.Request) {
	if q.Method == "GET" || q.Method == "HEAD" || q.Method == "OPTIONS" {
		return
	}
	path, _, _ := strings.Cut(q.Target, "?")
	for segment := range strings.SplitSeq(path, "/") {
		for _, place := range places {
			if segment == place {
				f.add(Unjudged, "no operation of the API that is known")
				return
			}
		}
	}
}

// method judges a call of gRPC by its name.
func (f *found) method(target string) {
	service, method, _ := strings.Cut(strings.TrimPrefix(target, "/"), "/")
	switch {
	case service == "moby.buildkit.secrets.v1.Secrets":
		f.add(SecretRead, "the builder reads a secret of its client")
	case service == "moby.filesync.v1.Auth" && method == "Credentials":
		f.add(SecretSent, "sends credentials of a registry")
	case (strings.HasPrefix(service, "containerd.") || strings.HasPrefix(service, "runtime.v1")) && !ReadsOnly(target):
		f.add(Unjudged, "messages of containerd and the CRI are not judged")
	}
}

// IsGRPC reports whether an operation is a call of gRPC, which is called as its path, such as
// "Control/Solve".
func IsGRPC(operation string) bool {
	return operation == "GRPCMethod" || strings.Contains(operation, "/")
}

// ReadsOnly reports whether a call of gRPC with this target changes nothing, by its name.
func ReadsOnly(target string) bool {
	service, method, _ := strings.Cut(strings.TrimPrefix(target, "/"), "/")
	if service == "moby.buildkit.secrets.v1.Secrets" {
		return false
	}
	for _, begins := range []string{"List", "Get", "Status", "Info", "Version", "DiskUsage", "Check", "Watch", "Subscribe", "Stat", "Read"} {
		if strings.HasPrefix(method, begins) {
			return true
		}
	}
	return strings.HasSuffix(method, "Status") || strings.HasSuffix(method, "Stats")
}
