package risk

import (
	"slices"
	"strings"
)

// kernels are types of file systems by which the kernel of the host is seen, or driven.
var kernels = []string{
	"proc", "sysfs", "cgroup", "cgroup2", "devtmpfs", "debugfs", "tracefs", "securityfs", "configfs", "efivarfs", "bpf", "pstore", "binfmt_misc",
	"fusectl", "selinuxfs", "rpc_pipefs", "nfsd", "autofs",
}

// remote are types of file systems that are elsewhere, or nowhere.
var remote = []string{"nfs", "nfs3", "nfs4", "cifs", "smb", "smb3", "tmpfs", "ramfs", "ceph", "glusterfs", "fuse.sshfs"}

// apart are types of mounts that have nothing of the host.
var apart = []string{"tmpfs", "ramfs", "devpts", "mqueue", "shm", "volume", "cluster", "image", "artifact"}

// kernel judges types of file systems.
func (f *found) kernel(at string, types []string) {
	for _, t := range types {
		if slices.Contains(kernels, t) {
			f.add(BindSensitive, at+" has "+t+" of the kernel")
		}
		if t == "devtmpfs" {
			f.add(Device, at+" has all of the host")
		}
	}
}

// fileSystems judges mounts that are no binds: of what is on a device, or in a file.
func (f *found) fileSystems(at string, types, sources []string) {
	f.kernel(at, types)
	if !slices.ContainsFunc(types, func(t string) bool { return !slices.Contains(apart, t) && !slices.Contains(remote, t) }) {
		return
	}
	for _, src := range sources {
		switch {
		case f.hidden(at, src):
		case within(real(src), []string{"/dev"}):
			f.add(Device, at+" has "+src)
		case strings.HasPrefix(src, "/"):
			f.source(at, src, false)
		}
	}
}

// layers judges the folders that an overlay is of, and reports whether there are some.
// Those below others are only read.
func (f *found) layers(at string, options []string) (some bool) {
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		switch strings.TrimSuffix(name, "+") {
		case "lowerdir", "datadir":
			for dir := range strings.SplitSeq(value, ":") {
				if dir != "" {
					some = true
					f.source(at, dir, true)
				}
			}
		case "upperdir", "workdir":
			some = true
			f.source(at, value, false)
		}
	}
	return some
}

// joinedOptions returns options of mount(8), of which each may be several with commas.
func joinedOptions(options []string) (all []string) {
	for _, o := range options {
		for word := range strings.SplitSeq(o, ",") {
			all = append(all, strings.TrimSpace(word))
		}
	}
	return all
}
