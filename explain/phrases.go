package explain

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// phrase is what a message of the daemon means. Messages have names that users choose: what
// stands around those is part of the phrase, and others than the operations of it have none.
type phrase struct {
	of    []string // operations; nil: all
	like  string   // an expression that the message has in it, in lower case
	means string
	try   string
}

// Operations that messages are of.
var (
	starts     = []string{"ContainerStart", "ContainerRestart", "ExecStart", "ContainerWait"}
	creates    = []string{"ContainerCreate"}
	states     = []string{"ContainerAttach", "ContainerAttachWebsocket", "ContainerExec", "ExecStart", "ContainerStart", "ContainerTop", "ContainerPause", "ContainerStop", "ContainerKill", "ContainerRestart"}
	runs       = append([]string{"ContainerCreate", "ImageBuild"}, starts...)
	ofRegistry = []string{"ImageCreate", "ImagePull", "ImagePush", "ImageBuild", "ImageSearch", "DistributionInspect", "SystemAuth", "PluginPull", "PluginUpgrade", "ServiceCreate", "ServiceUpdate"}
	pulls      = []string{"ImageCreate", "ImagePull", "ImagePush", "ImageBuild", "DistributionInspect", "PluginPull", "PluginUpgrade", "ServiceCreate", "ServiceUpdate"}
)

// phrases are in the order in which they are looked for. They are those of Docker Engine 20.10 to 29.
var phrases = []phrase{
	{nil, `^client version \S+ is too new\. maximum`, "The path asks for a newer version of the API than the daemon has.",
		"let the client negotiate, or set DOCKER_API_VERSION to the version that the message names"},
	{nil, `^client version \S+ is too old\. minimum`, "The path asks for an older version of the API than the daemon answers to.",
		"update the client; or set DOCKER_API_VERSION, which many clients read, to the version that the message names"},
	{nil, `^(content-type specified|(unsupported|malformed) content-type header) \(`, "The request does not say that its document is JSON.",
		"send Content-Type: application/json"},
	{nil, `^(invalid json: |invalid character |unexpected (end of json|eof)|eof$|got eof while reading request body)`, "The document is no JSON, or ends too early.",
		"look at its quotes and commas: jq . FILE tells where it is wrong"},
	{nil, `^json: cannot unmarshal `, "A value of the document is of another type than the daemon expects.",
		"the message names the field; socktrace operations tells those of each operation"},

	{starts, `: bind for \S+ failed: port is already allocated$`, "Another container has the port of the host.",
		"docker ps tells which one (column PORTS); or choose another port"},
	{starts, `(: bind|host port (for )?\S+): address already in use$`, "Another program has the port of the host.",
		"ss -ltnp tells which one; or choose another port"},
	{starts, `(exec: "[^"]*": executable file not found in \$path|executable file ` + "`[^`]*`" + ` not found in \$path)`,
		"The image has no such command in its PATH: it was created well, and cannot be started.",
		"look at the command; docker run --entrypoint sh IMAGE opens a shell in it, if it has one"},
	{starts, `(exec: "[^"]*": stat [^:]*|[: ]exec [^:"]+): no such file or directory`, "The command, or what it needs to run, is not in the image.",
		"look at the command, and at the first line of scripts; a program for another C library fails like this too"},
	{starts, `exec: "[^"]*": (permission denied|is a directory)`, "The command is there, but is a folder, or there is no right to run it.",
		"look at its mode: chmod +x"},
	{append([]string{"ImageBuild"}, starts...), `exec( user process caused| [^:]*)?: ("[^"]*": )?exec format error`, "The command is no program for this machine: it is for another architecture, or a script without a first line.",
		"docker image inspect tells the architecture of the image; --platform chooses another"},
	{runs, `unable to find user [^:]*: no matching entries in passwd file`, "The image has no such user.",
		"look at /etc/passwd of the image; or give the user as a number"},
	{runs, `unable to find group [^:]*: no matching entries in group file`, "The image has no such group.",
		"look at /etc/group of the image; or give the group as a number"},
	{append([]string{"ContainerCreate"}, starts...), `(^|: )network \S+ not found$`, "The network that the container is to be in is not there.",
		"docker network ls lists them"},
	{creates, `^invalid (mode|volume specification): `, "What is said of a volume cannot be understood: the daemon has no such mode, or a path is wrong.",
		"-v is SOURCE:TARGET:MODE, both paths whole, and modes such as ro, rw, z"},
	{creates, `bind source path does not exist: `, "The folder that is to be mounted is not there, on the daemon's machine.",
		"make it, or use -v in place of --mount, which makes it"},
	{[]string{"ContainerCreate", "ContainerRename"}, `^conflict\. the container name "[^"]*" is already in use by container`, "Another container has the name.",
		"remove or rename it, or choose another name; --rm removes a container when it ends"},
	{creates, `^no such container: `, "It is another container that is not there: one whose volumes this one is to have.",
		"look at --volumes-from; docker ps -a lists the containers that are there"},
	{states, `is restarting, wait until the container is running$`, "The container has ended, and the daemon is about to start it again, as its restart policy says.",
		"docker logs tells why it ends; docker stop ends the restarts"},
	{states, `is paused, unpause the container before \S+$`, "The container is paused.", "docker unpause"},
	{states, `^(container \S+ is not running|cannot exec in a stopped (container|state)[^:]*)$`, "The container does not run.", "docker start; docker ps -a says in which state it is"},
	{starts, `could not select device driver "`, "The daemon has no driver for the devices that are asked for, such as GPUs.",
		"install the toolkit of their vendor on the daemon's machine"},

	{ofRegistry, `(^|[: ])toomanyrequests: `, "The registry allows no more pulls for now.", "docker login, or a mirror of the registry"},
	{pulls, `pull access denied for \S+,`, "The registry does not have the repository, or shows it only to those who have logged in.",
		"look at the spelling, then docker login"},
	{pulls, `(^|: )unauthorized: `, "The registry wants to know who asks.", "docker login REGISTRY"},
	{pulls, `no matching manifest for \S+ in the manifest list`, "The image is not there for this architecture.", "docker manifest inspect IMAGE lists those that it has"},
	{pulls, `(^|: )manifest unknown(:|$)`, "The registry has the repository, but not this tag.", "look at the tag"},
	{ofRegistry, `: dial tcp: lookup \S+( on \S+)?: `, "The daemon cannot find the address of the registry: the names that it asks for are not answered.",
		"look at the network and the DNS of the daemon's machine, not of the client's"},
	{ofRegistry, `: http: server gave http response to https client`, "The registry speaks plain HTTP, which the daemon refuses.",
		"list it as insecure-registries of the daemon, or give it a certificate"},
	{ofRegistry, `: dial tcp \S+: connect: connection refused`, "Nobody listens at the address that the daemon was to connect to.",
		"look whether the registry runs, and at the proxy of the daemon: docker info shows it"},
	{ofRegistry, `: x509: `, "The daemon does not trust the certificate of the registry.",
		"put its CA into /etc/docker/certs.d/REGISTRY/ca.crt on the daemon's machine"},

	{[]string{"VolumeDelete"}, `: volume is in use( |$)`, "A container uses the volume, though it may not run.", "docker ps -a --filter volume=NAME tells which"},
	{[]string{"NetworkDelete"}, `network \S+ (id \S+ )?has active endpoints`, "Containers are connected to the network.", "docker network inspect lists them"},
	{[]string{"NetworkDelete"}, `^\S+ is a pre-defined network and cannot be removed$`, "The network is one of those that every daemon has (bridge, host, none).", ""},
	{[]string{"NetworkCreate", "VolumeCreate", "ContainerCreate"}, `(plugin "[^"]*" not found|: plugin not found)$`, "The daemon has no such plugin.", "docker plugin ls lists them; docker info tells those that are built in"},
	{nil, `: no space left on device($|: )`, "The disk of the daemon is full.", "docker system df tells what takes it, docker system prune frees some"},
}

// phrasesRead are the expressions, in the order of the phrases.
var phrasesRead = sync.OnceValue(func() (all []*regexp.Regexp) {
	for i := range phrases {
		all = append(all, regexp.MustCompile(phrases[i].like))
	}
	return all
})

// phraseIn returns what is known of a message of an operation; nil if that is nothing.
func phraseIn(operation, message string) *phrase {
	message = strings.ToLower(strings.TrimSpace(message))
	if message == "" {
		return nil
	}
	for i, like := range phrasesRead() {
		p := &phrases[i]
		if (p.of == nil || slices.Contains(p.of, operation)) && like.MatchString(message) {
			return p
		}
	}
	return nil
}

// exits are exit codes that mean something, by the manners of Docker and of shells.
var exits = map[int64]struct{ means, try string }{
	125: {means: "The process itself has ended with this. docker run has it too, for failures of its own."},
	126: {means: "The command could not be run: it is not there, is no program, or there is no right to run it.", try: "look at its name, its mode and its first line"},
	127: {means: "The command was not found.", try: "look at its name, and at PATH in the image"},
	128: {means: "The command could not be started, or has ended itself with this."},
	130: {means: "The process was ended by SIGINT, which Ctrl-C sends, or ended itself with this."},
	137: {means: "The process was killed with SIGKILL: by docker kill or rm -f, by a stop whose time was over, by another process, or since memory was short.",
		try: "docker inspect --format '{{.State.OOMKilled}}' tells whether it was memory"},
	139: {means: "The process has read or written memory that it does not have (SIGSEGV): a fault of the program, or of what it was built for."},
	143: {means: "The process was ended by SIGTERM, as docker stop sends it, or ended itself with this."},
}
