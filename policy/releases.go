package policy

import (
	"slices"
	"strconv"
	"strings"
)

// ruleVar reports whether a variable is a rule of one of the proxies that have them.
func ruleVar(name string) bool {
	return slices.Contains(haproxyVars(tecnativa), name) || slices.Contains(haproxyVars(linuxserver), name)
}

// otherVars are variables of these proxies that are no rules.
var otherVars = []string{"BIND_CONFIG", "DISABLE_IPV6", "LOG_LEVEL", "SOCKET_PATH", "TZ"}

// knowsVar reports whether any release of a proxy knows a variable.
func knowsVar(p *Proxy, name string) bool {
	return slices.Contains(haproxyVars(p), name) || slices.Contains(otherVars, name) || p == linuxserver && strings.HasPrefix(name, "LIBPOD_")
}

// aProxy is in the names of images of proxies.
var aProxy = lazily(`socket-?proxy|cetusguard`)

// aTag is that of an image which names a release.
var aTag = lazily(`:(?:[a-z][a-z0-9]*-)?v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?[^:/]*$`)

// releaseOf returns the release that the tag of an image names; ok says whether it does.
func releaseOf(image string) (release [3]int, ok bool) {
	image, _, _ = strings.Cut(image, "@")
	m := aTag().FindStringSubmatch(image)
	if m == nil || !aProxy().MatchString(image) {
		return release, false
	}
	for i := range release {
		release[i], _ = strconv.Atoi(m[i+1]) // digits, or nothing: 0
	}
	return release, true
}

// inRelease returns what decides in the release of an image: the newest, if it names none.
func (h *haproxy) inRelease(image string) *haproxy {
	release, ok := releaseOf(image)
	first := gatesOf(h.proxy).first
	if !ok || slices.Compare(release[:], first[:]) >= 0 {
		return h
	}
	if h.proxy == tecnativa && slices.Compare(release[:], []int{0, 5, 0}) < 0 {
		delete(h.on, "ALLOW_PAUSE") // since 0.5.0
		delete(h.on, "ALLOW_UNPAUSE")
	}
	return h.inOlder()
}

// releases says which releases decide like this.
func (h *haproxy) releases() string {
	if h.older {
		return gatesOf(h.proxy).older
	}
	return gatesOf(h.proxy).newer
}
