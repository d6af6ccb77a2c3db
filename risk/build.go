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
		case "volume", "volumes":
			for _, spec := range list(value) {
				f.bind(name, spec)
			}
		case "nsoptions":
			f.buildSpaces(value)
			if m := merged([]byte(value)); m != nil {
				f.buildSpaces(string(m))
			}
		case "localcontextdir":
			f.optional(name, value)
		case "additionalbuildcontexts":
			for _, c := range list(value) {
				if _, dir, is := strings.Cut(c, "localpath:"); is {
					f.optional(name, dir)
				}
			}
		case "outputs", "buildoutput":
			for _, o := range joinedOptions(list(value)) {
				if dir, is := strings.CutPrefix(o, "dest="); is {
					f.written(name, dir)
				}
			}
		}
	}
}

// list returns what a parameter lists, in JSON or by itself.
func list(value string) []string {
	if strings.HasPrefix(strings.TrimSpace(value), "[") && !strings.HasPrefix(value, masked) {
		return words([]byte(value))
	}
	return []string{value}
}

// buildSpaces judges the namespaces of a build by Podman.
func (f *found) buildSpaces(value string) {
	marks := map[string]string{"pid": HostPID, "network": HostNetwork, "ipc": HostIPC, "uts": HostUTS, "user": HostUserNS, "cgroup": HostCgroup}
	f.hidden("nsoptions", value)
	for space := range jsontext.Elements([]byte(value)) {
		var of []string
		mode := ""
		for name, v := range members(space) {
			switch name {
			case "name":
				of = append(of, marks[text(v)])
			case "host":
				if isTrue(v) {
					mode = "host"
				}
			case "path":
				if p := text(v); mode != "host" && strings.HasPrefix(p, "/") {
					mode = p
				}
			}
		}
		for _, mark := range of {
			if mark != "" {
				f.namespace("nsoptions", mode, mark)
			}
		}
	}
}

// solve judges what a build by BuildKit is to be allowed: see the entitlements of its
// documentation.
func (f *found) solve(doc []byte) {
	for name, value := range f.members("it", doc) {
		switch name {
		case "entitlements":
			for _, e := range f.listed("Entitlements", value) {
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
			for attr, v := range f.members("FrontendAttrs", value) {
				if attr == "force-network-mode" {
					f.namespace("FrontendAttrs."+attr, text(v), HostNetwork)
				}
			}
		}
	}
}
