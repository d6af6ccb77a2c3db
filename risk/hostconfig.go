package risk

import "strings"

// hostConfig judges what a container gets of its host: a HostConfig of Docker's. at is
// how it is called, with a dot behind it if it is inside of something.
func (f *found) hostConfig(at string, doc []byte) {
	for name, value := range f.members(strings.TrimSuffix(at, "."), doc) {
		f.hostMember(at, name, value)
	}
}

// namespaces are the members that say which namespaces a container has, and the marks of
// that of the host.
var namespaces = map[string]struct{ called, mark string }{
	"pidmode":      {"PidMode", HostPID},
	"networkmode":  {"NetworkMode", HostNetwork},
	"ipcmode":      {"IpcMode", HostIPC},
	"utsmode":      {"UTSMode", HostUTS},
	"usernsmode":   {"UsernsMode", HostUserNS},
	"cgroupnsmode": {"CgroupnsMode", HostCgroup},
}

// hostMember judges a member.
func (f *found) hostMember(at, name string, value []byte) {
	if ns, is := namespaces[name]; is {
		f.namespace(at+ns.called, text(value), ns.mark)
		return
	}
	switch name {
	case "privileged":
		f.privileged(at+"Privileged", value)
	case "binds":
		for _, spec := range words(value) {
			f.bind(at+"Binds", spec)
		}
	case "mounts":
		f.mounts(at+"Mounts", value)
	case "capadd":
		f.capabilities(at+"CapAdd", words(value))
	case "capabilities": // of API 1.40
		f.capabilities(at+"Capabilities", words(value))
	case "volumes":
		for spec := range f.named(at+"Volumes", value) { // Podman takes them for binds
			f.bind(at+"Volumes", spec)
		}
	case "annotations":
		f.annotations(at+"Annotations", value)
	case "volumesfrom":
		f.volumesFrom(at+"VolumesFrom", value)
	case "devices":
		f.devices(at+"Devices", value)
	case "devicerequests":
		f.devices(at+"DeviceRequests", value)
	case "devicecgrouprules":
		f.devices(at+"DeviceCgroupRules", value)
	case "securityopt":
		f.securityOptions(at+"SecurityOpt", words(value))
	case "maskedpaths":
		f.paths(at+"MaskedPaths", value)
	case "readonlypaths":
		f.paths(at+"ReadonlyPaths", value)
	case "lxcconf": // of API 1.22: options for LXC, which may say anything
		if !isEmpty(value) || f.hidden(at+"LxcConf", text(value)) {
			f.add(Unjudged, at+"LxcConf is not judged")
		}
	}
}

// privileged judges a flag for all rights.
func (f *found) privileged(at string, value []byte) {
	if isTrue(value) {
		f.add(Privileged, at+" is true")
	}
	f.hidden(at, text(value))
}

// annotations judges what is said to the runtime: some of it is for systemd.
func (f *found) annotations(at string, doc []byte) {
	for name := range f.named(at, doc) {
		if strings.HasPrefix(name, "org.systemd.property.") || f.hidden(at, name) {
			f.add(Unjudged, at+" has "+name)
		}
	}
}

// paths judges a list of system paths that are kept from a container: one that a client
// has made replaces that of the daemon.
func (f *found) paths(at string, value []byte) {
	if len(value) > 0 && value[0] == '[' {
		f.add(SecurityOptOff, at+" replaces what is kept from containers")
	}
	f.hidden(at, text(value))
}
