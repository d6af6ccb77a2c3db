package explain

import "strings"

// phrase is what some words in a message of the daemon mean, whatever was asked for.
type phrase struct {
	words []string // all of them, in lower case
	means string
	try   string
}

// phrases are in the order in which they are looked for.
var phrases = []phrase{
	{[]string{"client version", "is too new"}, "The path asks for a newer version of the API than the daemon has.",
		"let the client negotiate, or set DOCKER_API_VERSION to the version that the message names"},
	{[]string{"client version", "is too old"}, "The path asks for an older version of the API than the daemon answers to.",
		"update the client; or set DOCKER_API_VERSION, which many clients read, to the version that the message names"},
	{[]string{"port is already allocated"}, "Another container has the port of the host.",
		"docker ps tells which one (column PORTS); or choose another port"},
	{[]string{"address already in use"}, "Another program has the port of the host.",
		"ss -ltnp tells which one; or choose another port"},
	{[]string{"executable file not found"}, "The image has no such command in its PATH: it was created well, and cannot be started.",
		"look at the command; docker run --entrypoint sh IMAGE opens a shell in it, if it has one"},
	{[]string{"no such file or directory", "exec"}, "The command, or what it needs to run, is not in the image.",
		"look at the command, and at the first line of scripts; a program for another C library fails like this too"},
	{[]string{"exec format error"}, "The command is no program for this machine: it is for another architecture, or a script without a first line.",
		"docker image inspect tells the architecture of the image; --platform chooses another"},
	{[]string{"toomanyrequests"}, "The registry allows no more pulls for now.", "docker login, or a mirror of the registry"},
	{[]string{"pull access denied"}, "The registry does not have the repository, or shows it only to those who have logged in.",
		"look at the spelling, then docker login"},
	{[]string{"unauthorized"}, "The registry wants to know who asks.", "docker login REGISTRY"},
	{[]string{"manifest", "unknown"}, "The registry has the repository, but not this tag.", "look at the tag"},
	{[]string{"no matching manifest"}, "The image is not there for this architecture.", "docker manifest inspect IMAGE lists those that it has"},
	{[]string{"dial tcp: lookup"}, "The daemon cannot find the address of the registry: the names that it asks for are not answered.",
		"look at the network and the DNS of the daemon's machine, not of the client's"},
	{[]string{"http: server gave http response to https client"}, "The registry speaks plain HTTP, which the daemon refuses.",
		"list it as insecure-registries of the daemon, or give it a certificate"},
	{[]string{"connection refused"}, "Nobody listens at the address that the daemon was to connect to.",
		"look whether the registry runs, and at the proxy of the daemon: docker info shows it"},
	{[]string{"x509:"}, "The daemon does not trust the certificate of the registry.",
		"put its CA into /etc/docker/certs.d/REGISTRY/ca.crt on the daemon's machine"},
	{[]string{"no space left on device"}, "The disk of the daemon is full.", "docker system df tells what takes it, docker system prune frees some"},
	{[]string{"is already in use by container"}, "Another container has the name.",
		"remove or rename it, or choose another name; --rm removes a container when it ends"},
	{[]string{"bind source path does not exist"}, "The folder that is to be mounted is not there, on the daemon's machine.",
		"make it, or use -v in place of --mount, which makes it"},
	{[]string{"volume is in use"}, "A container uses the volume, though it may not run.", "docker ps -a --filter volume=NAME tells which"},
	{[]string{"has active endpoints"}, "Containers are connected to the network.", "docker network inspect lists them"},
	{[]string{"plugin", "not found"}, "The daemon has no such plugin.", "docker plugin ls lists them; docker info tells those that are built in"},
	{[]string{"could not select device driver"}, "The daemon has no driver for the devices that are asked for, such as GPUs.",
		"install the toolkit of their vendor on the daemon's machine"},
}

// phraseIn returns what is known of words in a message; nil if that is nothing.
func phraseIn(message string) *phrase {
	message = strings.ToLower(message)
next:
	for i := range phrases {
		for _, words := range phrases[i].words {
			if !strings.Contains(message, words) {
				continue next
			}
		}
		return &phrases[i]
	}
	return nil
}

// exits are exit codes that mean something, by the manners of Docker and of shells.
var exits = map[int64]struct{ means, try string }{
	125: {means: "The process itself has ended with this. docker run has it too, for failures of its own."},
	126: {means: "The command could not be run: it is no program, or there is no right to run it.", try: "look at its mode and its first line"},
	127: {means: "The command was not found.", try: "look at its name, and at PATH in the image"},
	130: {means: "The process was ended by SIGINT, which Ctrl-C sends, or ended itself with this."},
	137: {means: "The process was killed with SIGKILL: by docker kill or rm -f, by a stop whose time was over, or since memory was short.",
		try: "docker inspect --format '{{.State.OOMKilled}}' tells whether it was memory"},
	139: {means: "The process has read or written memory that it does not have (SIGSEGV): a fault of the program, or of what it was built for."},
	143: {means: "The process was ended by SIGTERM, as docker stop sends it, or ended itself with this."},
}
