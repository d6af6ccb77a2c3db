package equivalent

// pySpec says how docker-py is asked for an operation.
type pySpec struct {
	function string // with {} for what the request is about
	about    bool   // that is the first argument
	query    []arg
	body     []arg
	fixed    string // further arguments, with blanks between
	implied  string // parameters that docker-py sends itself: "a=1 b=2"
	sends    string // a field that it sends itself
	format   string // of the lines around the call, with %s for that; empty: it is shown
	note     string
	auth     bool // it takes credentials for registries
}

// Arguments that many have.
var (
	filters = arg{from: "filters", to: "filters", as: asFilters}
	force   = arg{from: "force", to: "force", as: asBool}
)

// pySpecs are the operations that docker-py has a method for: of its objects, where they
// have one.
var pySpecs = map[string]*pySpec{
	"SystemPing":      {function: "client.ping"},
	"SystemPingHead":  {function: "client.ping", note: "docker-py asks with GET, not with HEAD."},
	"SystemInfo":      {function: "client.info"},
	"SystemDataUsage": {function: "client.df"},
	"SystemAuth": {function: "client.login", body: []arg{{from: "username", to: "username"}, {from: "password", to: "password"},
		{from: "email", to: "email"}, {from: "serveraddress", to: "registry"}}, fixed: "reauth=True"},

	"ContainerList": {function: "client.containers.list", query: []arg{{from: "all", to: "all", as: asBool},
		{from: "limit", to: "limit", as: asNumber, otherwise: "-1"}, {from: "since", to: "since"}, {from: "before", to: "before"}, filters},
		implied: "size=0 trunc_cmd=0"},
	"ContainerInspect": {function: "client.containers.get", about: true, format: attrs},
	"ContainerTop":     {function: "client.containers.get({}).top", query: []arg{{from: "ps_args", to: "ps_args"}}},
	"ContainerChanges": {function: "client.containers.get({}).diff"},
	"ContainerExport":  {function: "client.containers.get({}).export", format: intoFile},
	"ContainerResize":  {function: "client.containers.get({}).resize", query: []arg{{from: "h", to: "height", as: asNumber}, {from: "w", to: "width", as: asNumber}}, format: silent},
	"ContainerStart":   {function: "client.containers.get({}).start", format: silent},
	"ContainerStop":    {function: "client.containers.get({}).stop", query: []arg{{from: "t", to: "timeout", as: asNumber}}, format: silent},
	"ContainerRestart": {function: "client.containers.get({}).restart", query: []arg{{from: "t", to: "timeout", as: asNumber}}, format: silent},
	"ContainerKill":    {function: "client.containers.get({}).kill", query: []arg{{from: "signal", to: "signal"}}, format: silent},
	"ContainerRename":  {function: "client.containers.get({}).rename", query: []arg{{from: "name"}}, format: silent},
	"ContainerPause":   {function: "client.containers.get({}).pause", format: silent},
	"ContainerUnpause": {function: "client.containers.get({}).unpause", format: silent},
	"ContainerWait":    {function: "client.containers.get({}).wait", query: []arg{{from: "condition", to: "condition"}}},
	"ContainerDelete": {function: "client.containers.get({}).remove", query: []arg{{from: "v", to: "v", as: asBool},
		{from: "link", to: "link", as: asBool}, force}, format: silent},
	"ContainerArchive": {function: "client.containers.get({}).get_archive", query: []arg{{from: "path"}}, format: intoFile1},
	"ContainerPrune":   {function: "client.containers.prune", query: []arg{filters}},
	"ContainerUpdate": {function: "client.containers.get({}).update", body: []arg{
		{from: "BlkioWeight", to: "blkio_weight"}, {from: "CpuPeriod", to: "cpu_period"}, {from: "CpuQuota", to: "cpu_quota"},
		{from: "CpuShares", to: "cpu_shares"}, {from: "CpusetCpus", to: "cpuset_cpus"}, {from: "CpusetMems", to: "cpuset_mems"},
		{from: "Memory", to: "mem_limit"}, {from: "MemoryReservation", to: "mem_reservation"}, {from: "MemorySwap", to: "memswap_limit"},
		{from: "KernelMemory", to: "kernel_memory"}, {from: "RestartPolicy", to: "restart_policy"}}},

	"ContainerExec": {function: "client.api.exec_create", about: true, body: []arg{{from: "Cmd", to: "cmd"},
		{from: "AttachStdout", to: "stdout", as: asBool, otherwise: "True"}, {from: "AttachStderr", to: "stderr", as: asBool, otherwise: "True"},
		{from: "AttachStdin", to: "stdin", as: asBool}, {from: "Tty", to: "tty", as: asBool}, {from: "Privileged", to: "privileged", as: asBool},
		{from: "User", to: "user"}, {from: "Env", to: "environment"}, {from: "WorkingDir", to: "workdir"}, {from: "DetachKeys", to: "detach_keys"}},
		sends: "Container", note: "client.containers.get(…).exec_run(cmd) does this, starts it, reads its output and asks how it ended."},
	"ExecInspect": {function: "client.api.exec_inspect", about: true},
	"ExecResize":  {function: "client.api.exec_resize", about: true, query: []arg{{from: "h", to: "height", as: asNumber}, {from: "w", to: "width", as: asNumber}}, format: silent},

	"ImageList":    {function: "client.images.list", query: []arg{{from: "all", to: "all", as: asBool}, filters}, implied: "only_ids=0 digests=0"},
	"ImageInspect": {function: "client.images.get", about: true, format: attrs},
	"ImageHistory": {function: "client.images.get({}).history"},
	"ImageTag":     {function: "client.images.get({}).tag", query: []arg{{from: "repo"}, {from: "tag", to: "tag"}, force}},
	"ImageDelete":  {function: "client.images.remove", about: true, query: []arg{force, {from: "noprune", to: "noprune", as: asBool}}, format: silent},
	"ImageSearch":  {function: "client.images.search", query: []arg{{from: "term"}, {from: "limit", to: "limit", as: asNumber}}},
	"ImagePrune":   {function: "client.images.prune", query: []arg{filters}},
	"BuildPrune":   {function: "client.images.prune_builds"},
	"ImageGet":     {function: "client.api.get_image", about: true, format: intoFile},
	"ImagePush":    {function: "client.api.push", about: true, query: []arg{{from: "tag", to: "tag"}}, fixed: "stream=True decode=True", format: forEach, auth: true},

	"DistributionInspect": {function: "client.images.get_registry_data", about: true, format: attrs, auth: true},

	"VolumeList":    {function: "client.volumes.list", query: []arg{filters}},
	"VolumeInspect": {function: "client.volumes.get", about: true, format: attrs},
	"VolumeDelete":  {function: "client.volumes.get({}).remove", query: []arg{force}, format: silent},
	"VolumePrune":   {function: "client.volumes.prune", query: []arg{filters}},
	"VolumeCreate": {function: "client.volumes.create", body: []arg{{from: "Name", to: "name"}, {from: "Driver", to: "driver"},
		{from: "DriverOpts", to: "driver_opts"}, {from: "Labels", to: "labels"}}, format: attrs},

	"NetworkList":    {function: "client.networks.list", query: []arg{filters}},
	"NetworkInspect": {function: "client.networks.get", about: true, query: []arg{{from: "verbose", to: "verbose", as: asBool}, {from: "scope", to: "scope"}}, format: attrs},
	"NetworkDelete":  {function: "client.networks.get({}).remove", format: silent},
	"NetworkPrune":   {function: "client.networks.prune", query: []arg{filters}},
	"NetworkCreate": {function: "client.networks.create", body: []arg{{from: "Name"}, {from: "Driver", to: "driver"}, {from: "Options", to: "options"},
		{from: "IPAM", to: "ipam"}, {from: "CheckDuplicate", to: "check_duplicate", as: asBool}, {from: "Internal", to: "internal", as: asBool},
		{from: "Labels", to: "labels"}, {from: "EnableIPv6", to: "enable_ipv6", as: asBool}, {from: "Attachable", to: "attachable", as: asBool},
		{from: "Scope", to: "scope"}, {from: "Ingress", to: "ingress", as: asBool}}, format: ofID},
	"NetworkDisconnect": {function: "client.networks.get({}).disconnect", body: []arg{{from: "Container"}, {from: "Force", to: "force", as: asBool}}, format: silent},

	"PluginList":    {function: "client.plugins.list"},
	"PluginInspect": {function: "client.plugins.get", about: true, format: attrs},
	"SwarmInspect":  {function: "client.api.inspect_swarm"},
	"NodeList":      {function: "client.nodes.list", query: []arg{{from: "filters", as: asFilters, to: "filters"}}},
	"NodeInspect":   {function: "client.nodes.get", about: true, format: attrs},
	"ServiceList":   {function: "client.services.list", query: []arg{filters}},
	"SecretList":    {function: "client.secrets.list", query: []arg{filters}},
	"ConfigList":    {function: "client.configs.list", query: []arg{filters}},
	"TaskList":      {function: "client.api.tasks", query: []arg{filters}},
	"TaskInspect":   {function: "client.api.inspect_task", about: true},
}
