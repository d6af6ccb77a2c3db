package risk

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// spaces are the members of Podman's specifications that say which namespaces a container
// or pod has.
var spaces = map[string]string{"pidns": HostPID, "netns": HostNetwork, "ipcns": HostIPC, "utsns": HostUTS, "userns": HostUserNS, "cgroupns": HostCgroup}

// generator judges a specification of Podman's: of a container or of a pod.
func (f *found) generator(doc []byte) {
	for name, value := range members(doc) {
		if mark := spaces[name]; mark != "" {
			for inner, v := range members(value) {
				if inner == "nsmode" {
					f.namespace(name+".nsmode", text(v), mark)
				}
			}
			continue
		}
		f.generatorMember(name, value)
	}
}

// generatorMember judges a member of one.
func (f *found) generatorMember(name string, value []byte) {
	switch name {
	case "privileged":
		f.privileged(name, value)
	case "mounts":
		f.mounts(name, value)
	case "overlay_volumes":
		for volume := range jsontext.Elements(value) {
			for inner, v := range members(volume) {
				if inner == "source" {
					f.source(name, text(v), false)
				}
			}
		}
	case "cap_add":
		f.capabilities(name, words(value))
	case "devices", "host_device_list", "device_cgroup_rule":
		f.devices(name, value)
	case "security_opt":
		f.securityOptions(name, words(value))
	case "seccomp_profile_path", "apparmor_profile":
		if fold(text(value)) == "unconfined" {
			f.add(SecurityOptOff, name+" is unconfined")
		}
	case "selinux_opts":
		for _, o := range words(value) {
			if takesOff("label", o) {
				f.add(SecurityOptOff, name+" has "+o)
			}
		}
	case "unmask":
		if !isEmpty(value) {
			f.add(SecurityOptOff, name+" has "+strings.Join(words(value), ","))
		}
	case "rootfs":
		if root := text(value); root != "" {
			f.source(name, root, false)
		}
	}
}
