package proctable

import "strings"

// containerOf returns the container that a process is in, and what runs it, by its control
// groups: the text of /proc/PID/cgroup (cgroups(7)), of version 1 or 2. It is the innermost
// of several; empty if it is in none.
func containerOf(cgroup string) (runtime, id string) {
	for line := range strings.Lines(cgroup) {
		_, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		_, path, ok := strings.Cut(rest, ":")
		if !ok {
			continue
		}
		if runtime, id = containerIn(path); id != "" {
			return runtime, id
		}
	}
	return "", ""
}

// containerIn returns the container that the path of a control group names.
func containerIn(path string) (runtime, id string) {
	segments := strings.Split(path, "/")
	for i := len(segments) - 1; i >= 0; i-- {
		name := strings.TrimSuffix(segments[i], ".scope")
		name = name[strings.LastIndexByte(name, ':')+1:] // SLICE:PREFIX:NAME of systemd
		prefix, digits := "", name
		if at := strings.LastIndexByte(name, '-'); at >= 0 {
			prefix, digits = name[:at], name[at+1:]
		}
		if !isID(digits) || strings.Contains(prefix, "conmon") { // which watches a container from outside
			continue
		}
		around := ""
		if i > 0 {
			around = segments[i-1]
		}
		return runtimeOf(prefix, around, path), digits
	}
	return "", ""
}

// runtimeOf returns what runs a container, by what stands before its id and around it.
func runtimeOf(prefix, around, path string) string {
	switch {
	case strings.HasPrefix(prefix, "libpod"), strings.HasPrefix(around, "libpod"):
		return "podman"
	case prefix == "docker", around == "docker" && !strings.Contains(path, "kubepods"):
		return "docker"
	case strings.HasPrefix(prefix, "crio"):
		return "cri-o"
	case strings.Contains(path, "kubepods"):
		return "kubernetes"
	}
	return "containerd"
}

// isID reports whether s is the id of a container: 64 hexadecimal digits.
func isID(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 64
}
