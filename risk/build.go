package risk

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// build judges the parameters of a build.
func (f *found) build(query string) {
	for name, value := range parameters(query) {
		switch name {
		case "networkmode":
			f.namespace(name, value, HostNetwork)
		case "securityopt":
			f.securityOptions(name, list(value))
		case "seccomp", "apparmor":
			f.securityOptions(name, []string{name + "=" + value})
		case "labelopts":
			for _, o := range list(value) {
				f.securityOptions(name, []string{"label=" + o})
			}
		case "addcaps":
			f.capabilities(name, list(value))
		case "devices":
			for _, d := range list(value) {
				f.add(Device, name+" has "+d)
			}
		case "volume":
			for _, spec := range list(value) {
				f.bind(name, spec)
			}
		case "nsoptions":
			f.buildSpaces(value)
		}
	}
}

// list returns what a parameter lists, in JSON or by itself.
func list(value string) []string {
	if strings.HasPrefix(strings.TrimSpace(value), "[") {
		return words([]byte(value))
	}
	return []string{value}
}

// buildSpaces judges the namespaces of a build by Podman.
func (f *found) buildSpaces(value string) {
	marks := map[string]string{"pid": HostPID, "network": HostNetwork, "ipc": HostIPC, "uts": HostUTS, "user": HostUserNS, "cgroup": HostCgroup}
	for space := range jsontext.Elements([]byte(value)) {
		mark, host := "", false
		for name, v := range members(space) {
			switch name {
			case "name":
				mark = marks[text(v)]
			case "host":
				host = isTrue(v)
			}
		}
		if host && mark != "" {
			f.add(mark, "nsoptions has it of the host")
		}
	}
}

// solve judges what a build by BuildKit is to be allowed: see the entitlements of its
// documentation.
func (f *found) solve(doc []byte) {
	for name, value := range members(doc) {
		switch name {
		case "entitlements":
			for _, e := range words(value) {
				switch word, _, _ := strings.Cut(e, "="); word {
				case "security.insecure":
					f.add(Privileged, "Entitlements has "+e)
				case "network.host":
					f.add(HostNetwork, "Entitlements has "+e)
				case "device":
					f.add(Device, "Entitlements has "+e)
				}
			}
		case "frontendattrs":
			for attr, v := range members(value) {
				if attr == "force-network-mode" {
					f.namespace("FrontendAttrs."+attr, text(v), HostNetwork)
				}
			}
		}
	}
}
