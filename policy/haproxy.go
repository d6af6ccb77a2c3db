package policy

import (
	"slices"
	"strconv"
	"strings"
)

// haproxy decides as the configuration of HAProxy does that Tecnativa's image has, and
// linuxserver's, which differs: what starts and stops containers is let in before methods are
// looked at, not behind that. Both match the beginning of the percent-decoded path, in any case,
// and know GET and HEAD as reading. Newer releases deny more: see gates.
type haproxy struct {
	proxy *Proxy
	older bool // it is a release without gates
	on    map[string]bool
}

// postVar lets in what is not GET or HEAD.
const postVar = "POST"

// sections are the variables that let in what begins with a segment of the path.
var sections = []struct{ name, segment string }{
	{"AUTH", "auth"}, {"BUILD", "build"}, {"COMMIT", "commit"}, {"CONFIGS", "configs"}, {"CONTAINERS", "containers"},
	{"DISTRIBUTION", "distribution"}, {"EVENTS", "events"}, {"EXEC", "exec"}, {"GRPC", "grpc"}, {"IMAGES", "images"},
	{"INFO", "info"}, {"NETWORKS", "networks"}, {"NODES", "nodes"}, {"PING", "_ping"}, {"PLUGINS", "plugins"},
	{"SECRETS", "secrets"}, {"SERVICES", "services"}, {"SESSION", "session"}, {"SWARM", "swarm"}, {"SYSTEM", "system"},
	{"TASKS", "tasks"}, {"VERSION", "version"}, {"VOLUMES", "volumes"},
}

// singles are those that let in single operations of containers.
var singles = []struct {
	name  string
	verbs []string
}{
	{"ALLOW_RESTARTS", []string{"stop", "restart", "kill"}}, {"ALLOW_START", []string{"start"}}, {"ALLOW_STOP", []string{"stop"}},
	{"ALLOW_PAUSE", []string{"pause"}}, {"ALLOW_UNPAUSE", []string{"unpause"}},
}

// grantedUnasked are the variables that are 1 unless they are set.
var grantedUnasked = []string{"EVENTS", "PING", "VERSION"}

// haproxyVersion is the version that paths may begin with.
var haproxyVersion = lazily(`^/v[\d.]+`)

// aVerb is what a container is told to do.
var aVerb = lazily(`^/containers/[a-z0-9_.-]+/`)

// haproxyVars are the names of all variables of a proxy that are rules, of all its releases.
func haproxyVars(p *Proxy) (all []string) {
	all = append(all, postVar)
	if gatesOf(p).methods {
		all = append(all, otherMethods...)
	}
	for _, s := range sections {
		all = append(all, s.name)
	}
	for _, s := range singles {
		all = append(all, s.name)
	}
	for _, g := range gatesOf(p).of {
		all = append(all, g.name)
	}
	return all
}

// newHAProxy returns what decides, in the newer releases, with variables that are not 0.
func newHAProxy(p *Proxy, on map[string]bool) *haproxy { return &haproxy{proxy: p, on: on} }

// inOlder returns what decides in the older releases with the same variables.
func (h *haproxy) inOlder() *haproxy { return &haproxy{h.proxy, true, h.on} }

// isOn reports whether a value lets in: HAProxy reads it as a number.
func isOn(value string) bool {
	digits := value
	if i := strings.IndexFunc(strings.TrimLeft(value, "+-"), func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = value[:len(value)-len(strings.TrimLeft(value, "+-"))+i]
	}
	n, err := strconv.Atoi(digits)
	return err == nil && n != 0
}

// Decide implements Rules.
func (h *haproxy) Decide(r Request) Verdict {
	_, path, ok := r.path()
	if !ok {
		return Verdict{}
	}
	path = strings.ToLower(path)
	if !h.older && h.lets(path, h.isGated) {
		return Verdict{}
	}
	post := h.letsMethod(r.Method)
	if !post && h.proxy != linuxserver {
		return Verdict{}
	}
	if h.lets(path, h.letsSingle) {
		return Verdict{Allowed: true}
	}
	return Verdict{Allowed: post && h.lets(path, h.letsSection)}
}

// letsMethod reports whether requests of a method are let in at all.
func (h *haproxy) letsMethod(method string) bool {
	switch {
	case method == "GET" || method == "HEAD":
		return true
	case h.older || !gatesOf(h.proxy).methods:
		return h.on[postVar]
	}
	return (method == postVar || slices.Contains(otherMethods, method)) && h.on[method]
}

// isGated reports whether a path is denied whatever else is on.
func (h *haproxy) isGated(path string) bool {
	loc := aVerb().FindStringIndex(path)
	return loc != nil && slices.ContainsFunc(gatesOf(h.proxy).of, func(g gate) bool {
		return !h.on[g.name] && strings.HasPrefix(path[loc[1]:], g.verb)
	})
}

// lets tries a path with the version that it begins with, and without.
func (h *haproxy) lets(path string, match func(string) bool) bool {
	if version := haproxyVersion().FindString(path); version != "" && match(path[len(version):]) {
		return true
	}
	return match(path)
}

func (h *haproxy) letsSingle(path string) bool {
	loc := aVerb().FindStringIndex(path)
	if loc == nil {
		return false
	}
	for _, s := range singles {
		if h.on[s.name] && slices.ContainsFunc(s.verbs, func(verb string) bool { return strings.HasPrefix(path[loc[1]:], verb) }) {
			return true
		}
	}
	return false
}

func (h *haproxy) letsSection(path string) bool {
	for _, s := range sections {
		if h.on[s.name] && strings.HasPrefix(path, "/"+s.segment) {
			return true
		}
	}
	return false
}
