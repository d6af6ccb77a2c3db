package risk

import (
	"slices"
	"strings"
)

// bind judges a mount in short: SOURCE:TARGET[:OPTIONS]. A source that is no path is the
// name of a volume.
func (f *found) bind(at, spec string) {
	src, rest, two := strings.Cut(spec, ":")
	if f.hidden(at, src) || !two { // where it comes in the container does not matter
		return
	}
	if isDrive(src, rest) { // of Windows: C:\x:C:\y
		if more, _, ok := strings.Cut(rest, ":"); ok {
			src += ":" + more
		}
		f.add(BindSensitive, at+" has "+src)
		return
	}
	_, options, _ := strings.Cut(rest, ":")
	f.layers(at, strings.Split(options, ","))
	switch {
	case strings.HasPrefix(src, "/"), strings.HasPrefix(src, `\\`):
		f.source(at, src, slices.Contains(strings.Split(options, ","), "ro"))
	case strings.HasPrefix(src, "."):
		f.relative(at, src)
	}
}

// volumesFrom judges a list of containers whose mounts a container gets.
func (f *found) volumesFrom(at string, list []byte) {
	for _, name := range f.listed(at, list) {
		f.add(Unjudged, at+" has the mounts of "+name)
	}
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
	for mount := range f.elements(at, list) {
		f.mount(at, mount)
	}
}

// mount judges one. Of several members of one name each counts.
func (f *found) mount(at string, mount []byte) {
	var types, sources, options []string
	readOnly, writable := false, false
	for name, value := range f.members(at, mount) {
		switch name {
		case "type":
			types = append(types, fold(text(value)))
		case "source":
			sources = append(sources, text(value))
		case "readonly":
			readOnly, writable = readOnly || isTrue(value), writable || !isTrue(value)
		case "options": // of OCI
			options = append(options, f.listed(at+".options", value)...)
		case "volumeoptions":
			for name, value := range f.members(at+".VolumeOptions", value) {
				if name == "driverconfig" {
					f.driver(at+".VolumeOptions", value)
				}
			}
		}
	}
	binds, typed := len(types) == 0, false
	for _, t := range types {
		typed = typed || t != ""
		binds = binds || t == "" || t == "bind" || t == "rbind" || t == "npipe" || strings.Contains(t, masked)
	}
	options = joinedOptions(options)
	binds = binds || slices.Contains(options, "bind") || slices.Contains(options, "rbind")
	f.layers(at, options)
	if !binds {
		f.fileSystems(at, types, sources)
		return
	}
	readOnly = readOnly && !writable || slices.Contains(options, "ro")
	for _, src := range sources {
		f.mountSource(at, src, readOnly, typed)
	}
}

// mountSource judges what a bind is of. typed says that it is no volume.
func (f *found) mountSource(at, src string, readOnly, typed bool) {
	letter, rest, drive := strings.Cut(src, ":")
	switch {
	case strings.HasPrefix(src, "/"), strings.HasPrefix(src, `\\`), strings.Contains(src, masked):
		f.source(at, src, readOnly)
	case drive && len(letter) == 1: // of Windows
		if isDrive(letter, rest) {
			f.add(BindSensitive, at+" has "+src)
		}
	case typed && src != "", strings.HasPrefix(src, "."):
		f.relative(at, src)
	}
}
