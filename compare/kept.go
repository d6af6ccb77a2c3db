package compare

import "strings"

// kept are the fields of answers that say where a daemon keeps what belongs to a thing: two daemons
// have other places for the same, and one may keep them beside the other's.
var kept = set("resolvconfpath, hostnamepath, hostspath, logpath, lowerdir, mergeddir, upperdir, workdir, mountpoint")

// areKept reports whether two values called path are such places. The source of a mount is one if
// it is a volume's, which has its files in a folder of this name.
func areKept(path, a, b string) bool {
	const volume = "/_data"
	return strings.HasPrefix(a, "/") && strings.HasPrefix(b, "/") &&
		(kept[last(path)] || last(path) == "source" && strings.HasSuffix(a, volume) && strings.HasSuffix(b, volume))
}

// lastOf returns what a place is called within the daemon's: the rest is its own business.
func lastOf(place string) string { return place[strings.LastIndexByte(place, '/')+1:] }

// isDaemonID reports whether a string is what a daemon calls itself: a UUID, before Docker 24 the
// hash of a key in groups of letters and digits.
func isDaemonID(s string) bool {
	groups := strings.Split(s, ":")
	for _, g := range groups {
		if len(g) != 4 || strings.Trim(g, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
			return isUUID(s)
		}
	}
	return len(groups) == 12
}
