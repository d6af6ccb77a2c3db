package risk

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// bind judges a mount in short: SOURCE:TARGET[:OPTIONS]. A source that is no path is the
// name of a volume.
func (f *found) bind(at, spec string) {
	src, rest, two := strings.Cut(spec, ":")
	if f.hidden(at, spec) || !two {
		return
	}
	if isDrive(src, rest) { // of Windows: C:\x:C:\y
		if more, _, ok := strings.Cut(rest, ":"); ok {
			src += ":" + more
		}
		f.add(BindSensitive, at+" has "+src)
		return
	}
	if !strings.HasPrefix(src, "/") && !strings.HasPrefix(src, `\\`) {
		return
	}
	_, options, _ := strings.Cut(rest, ":")
	readOnly := slices.Contains(strings.Split(options, ","), "ro")
	f.source(at, src, readOnly)
}

// isDrive reports whether a path begins with the letter of a drive and is its root, or
// where its system is.
func isDrive(src, rest string) bool {
	if len(src) != 1 || rest == "" || rest[0] != '\\' && rest[0] != '/' {
		return false
	}
	dir, _, _ := strings.Cut(strings.ToLower(rest[1:]), ":")
	dir, _, _ = strings.Cut(strings.ReplaceAll(dir, "/", `\`), `\`)
	return dir == "" || dir == "windows" || dir == "programdata" || dir == "users"
}

// mounts judges a list of mounts in full, of Docker's API or of Podman's.
func (f *found) mounts(at string, list []byte) {
	for mount := range jsontext.Elements(list) {
		f.mount(at, mount)
	}
}

// mount judges one. Of several members of one name each counts.
func (f *found) mount(at string, mount []byte) {
	var types, sources []string
	readOnly := false
	for name, value := range members(mount) {
		switch name {
		case "type":
			types = append(types, fold(text(value)))
		case "source":
			sources = append(sources, text(value))
		case "readonly":
			readOnly = isTrue(value)
		case "options": // of OCI
			readOnly = readOnly || slices.Contains(words(value), "ro")
		case "volumeoptions":
			for name, value := range members(value) {
				if name == "driverconfig" {
					f.driver(at+".VolumeOptions", value)
				}
			}
		}
	}
	if len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return t == "bind" || t == "rbind" || t == "npipe" || strings.Contains(t, masked) }) {
		return
	}
	for _, src := range sources {
		if strings.HasPrefix(src, "/") || strings.HasPrefix(src, `\\`) || strings.Contains(src, masked) || len(types) > 0 {
			f.source(at, src, readOnly)
		}
	}
}

// remote are types of file systems that are elsewhere, or nowhere.
var remote = []string{"nfs", "nfs3", "nfs4", "cifs", "smb", "smb3", "tmpfs", "ramfs", "ceph", "glusterfs", "fuse.sshfs"}

// driver judges the options of a volume. The local driver gives them to mount(8).
func (f *found) driver(at string, doc []byte) {
	var local, other bool
	var types, options, devices []string
	for name, value := range members(doc) {
		switch name {
		case "driver", "name":
			if name == "name" && at != "" && !strings.HasSuffix(at, "VolumeOptions") {
				continue // of the volume
			}
			d := fold(text(value))
			local = local || d == "local" || d == "" || strings.Contains(d, masked)
			other = other || d != "local" && d != ""
		case "driveropts", "options", "opts":
			for name, value := range members(value) {
				switch name {
				case "type":
					types = append(types, fold(text(value)))
				case "o":
					options = append(options, text(value))
				case "device":
					devices = append(devices, text(value))
				}
			}
		}
	}
	if other && !local {
		return
	}
	f.localVolume(at, types, options, devices)
}

// localVolume judges what the local driver is to mount.
func (f *found) localVolume(at string, types, options, devices []string) {
	if len(types)+len(devices) == 0 {
		return
	}
	binds := false
	for _, o := range options {
		f.hidden(at, o)
		for word := range strings.SplitSeq(o, ",") {
			word = strings.TrimSpace(word)
			binds = binds || word == "bind" || word == "rbind"
			if dir, is := strings.CutPrefix(word, "lowerdir="); is {
				f.add(VolumeBind, at+" is a volume of "+dir)
				f.source(at, dir, true)
			}
		}
	}
	away := len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return !slices.Contains(remote, t) })
	for _, device := range devices {
		switch {
		case f.hidden(at, device):
		case away && !binds:
		case within(real(device), []string{"/dev"}) && !binds:
			f.add(Device, at+" is a volume of "+device)
		case strings.HasPrefix(device, "/"):
			f.add(VolumeBind, at+" is a volume of "+device)
			f.source(at, device, false)
		case binds:
			f.add(VolumeBind, at+" is a volume of "+device)
		}
	}
}
