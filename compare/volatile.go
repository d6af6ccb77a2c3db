package compare

import "strings"

// keyNames are the members that elements of lists are known by, the best first.
var keyNames = [...]string{"id", "name", "target", "destination", "containerpath", "pathoncontainer", "type", "path"}

// volatile are the fields of answers that say how a daemon fares, or what it has chosen, by
// the last of their names in lower case: two sessions that did the same differ in them.
var volatile = set("pid, ngoroutines, nfd, neventslistener, sizerw, sizerootfs, memfree, macaddress, ipaddress, globalipv6address, " +
	"gateway, ipv6gateway, ipprefixlen, globalipv6prefixlen, ipv4address, ipv6address, sandboxkey, usagedata, layerssize, used, available, systemtime, uptime, " +
	"timenano, current, progress, progressdetail, createdsince, runningfor, lastupdatestatus, containers, containersrunning, containersstopped, images, " +
	"hostport, publicport, subnet, iprange, rx_bytes, rx_packets, tx_bytes, tx_packets, online_cpus, num_procs, " +
	"trustroot, certissuerpublickey, dockerrootdir, execduration")

// volatileIn are fields that are so only within another.
var volatileIn = set("jointokens, cpu_stats, precpu_stats, memory_stats, blkio_stats, pids_stats, storage_stats, processes")

// times are numbers that are points in time. That of gRPC may be a string, as all of 64 bits are in JSON.
var times = set("created, time, timenano, since, until, timestamp, lastusedat, updatedat, createdat, startedat, finishedat, read, preread, lasttagtime, mtime, modtime")

// isOfTerminal reports whether a field of a request says how large the client's terminal is.
func isOfTerminal(path string) bool { return last(path) == "consolesize" }

// pairs are lists of "NAME=value" of which each name counts once.
var pairs = set("env, labels, buildargs")

// set returns the words of a list.
func set(list string) map[string]bool {
	all := make(map[string]bool)
	for _, w := range strings.Split(list, ",") {
		all[strings.TrimSpace(w)] = true
	}
	return all
}

// last returns the last name of a path, in lower case, without an index.
func last(path string) string {
	if i := strings.IndexByte(path, '['); i > 0 {
		if j := strings.LastIndexByte(path, ']'); j == len(path)-1 {
			path = path[:strings.LastIndexByte(path[:j], '[')]
		}
	}
	return strings.ToLower(path[strings.LastIndexByte(path, '.')+1:])
}

// isVolatile reports whether a field of an answer says nothing that two sessions share.
func isVolatile(path string) bool {
	if volatile[last(path)] || isVersion(path) {
		return true
	}
	for rest := strings.ToLower(path); rest != ""; {
		name, after, _ := strings.Cut(rest, ".")
		name, _, _ = strings.Cut(name, "[")
		if volatileIn[name] {
			return true
		}
		rest = after
	}
	return false
}

// isVersion reports whether a field counts what a swarm has agreed on, which is more where more
// happened meanwhile.
func isVersion(path string) bool {
	path = strings.ToLower(path)
	return path == "version.index" || strings.HasSuffix(path, ".version.index")
}

// isTime reports whether a number is a point in time.
func isTime(path string) bool { return times[last(path)] }

// isPairs reports whether a list has pairs of names and values.
func isPairs(path string) bool { return pairs[last(path)] }

// isName reports whether a field is the name of something, which a daemon may have chosen.
func isName(path string) bool {
	l := last(path)
	return l == "name" || l == "names" || l == "container" || l == "hostname" || strings.HasSuffix(l, "names")
}

// isChosen reports whether a field of a request gives something its name, which then is the
// client's.
func isChosen(path string) bool { return last(path) == "name" }

// isImage reports whether a field, or a parameter, names an image.
func isImage(path string) bool {
	switch last(path) {
	case "image", "fromimage", "reference", "repo", "names":
		return true
	}
	return false
}

// imageName returns the name of an image in full, as clients and daemons complete it: of the
// Docker Hub, with the tag "latest".
func imageName(name string) string {
	name = strings.TrimPrefix(name, "docker.io/")
	name = strings.TrimPrefix(name, "library/")
	if i := strings.LastIndexByte(name, ':'); i < 0 || strings.IndexByte(name[i:], '/') >= 0 {
		if !strings.Contains(name, "@") {
			name += ":latest"
		}
	}
	return name
}

// pin returns the digest that the name of an image is pinned to, empty if it is not: who asks for
// another one wants another image, where all other ids are those of this one time.
func pin(name string) string {
	_, digest, _ := strings.Cut(name, "@sha256:")
	digest, _, _ = strings.Cut(digest, "/")
	return digest
}
