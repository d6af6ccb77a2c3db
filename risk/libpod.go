package risk

import (
	"slices"
	"strings"
)

// spaces are the members of Podman's specifications that say which namespaces a container
// or pod has.
var spaces = map[string]string{"pidns": HostPID, "netns": HostNetwork, "ipcns": HostIPC, "utsns": HostUTS, "userns": HostUserNS, "cgroupns": HostCgroup}

// generator judges a specification of Podman's: of a container or of a pod.
func (f *found) generator(doc []byte) {
	for name, value := range f.members("it", doc) {
		if mark := spaces[name]; mark != "" {
			f.space(name, value, mark)
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
	case "overlay_volumes", "volumes":
		for volume := range f.elements(name, value) {
			f.podmanVolume(name, volume)
		}
	case "annotations":
		f.annotations(name, value)
	case "volumes_from":
		f.volumesFrom(name, value)
	case "cap_add":
		f.capabilities(name, words(value))
	case "devices", "host_device_list", "device_cgroup_rule", "pod_devices", "devices_from":
		f.devices(name, value)
	case "resource_limits":
		f.limits(name, value)
	case "security_opt":
		f.securityOptions(name, words(value))
	case "seccomp_profile_path", "apparmor_profile":
		f.profile(name, text(value))
	case "selinux_opts":
		for _, o := range f.listed(name, value) {
			if takesOff("label", o) {
				f.add(SecurityOptOff, name+" has "+o)
			}
		}
	case "unmask":
		if all := f.listed(name, value); len(all) > 0 {
			f.add(SecurityOptOff, name+" has "+strings.Join(all, ","))
		}
	default:
		f.hostFile(name, value)
	}
}

// hostFile judges a member that names a file of the host which Podman reads or writes.
func (f *found) hostFile(name string, value []byte) {
	switch name {
	case "rootfs":
		f.written(name, text(value))
	case "init_path":
		f.optional(name, text(value))
	case "base_hosts_file":
		f.optional(name, text(value), "none", "image")
	case "conmon_pid_file", "infra_conmon_pid_file":
		f.written(name, text(value))
	case "log_configuration":
		for inner, v := range f.members(name, value) {
			if inner == "path" {
				f.written(name+".path", text(v))
			}
		}
	case "oci_runtime":
		if program := text(value); strings.Contains(program, "/") || f.hidden(name, program) {
			f.add(Unjudged, name+" is "+program+", a program of the host")
		}
	}
}

// podmanVolume judges a volume, or an overlay of a folder.
func (f *found) podmanVolume(at string, volume []byte) {
	for name, value := range f.members(at, volume) {
		switch name {
		case "source":
			f.written(at, text(value))
		case "name":
			if strings.HasPrefix(text(value), "/") { // no name of a volume
				f.source(at, text(value), false)
			}
		case "options":
			f.layers(at, joinedOptions(f.listed(at, value)))
		}
	}
}

// usualProfiles are where profiles of seccomp are that Podman takes anyhow.
var usualProfiles = []string{"/usr/share/containers/seccomp.json", "/etc/containers/seccomp.json"}

// profile judges a profile of seccomp, which is a file of the host, or of AppArmor.
func (f *found) profile(at, profile string) {
	switch {
	case f.hidden(at, profile):
	case fold(profile) == "unconfined":
		f.add(SecurityOptOff, at+" is unconfined")
	case strings.Contains(profile, "/") && !slices.Contains(usualProfiles, profile):
		f.add(Unjudged, at+" is "+profile+", a file of the host")
	}
}
