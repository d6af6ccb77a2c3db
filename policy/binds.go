package policy

import (
	"path"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// mounts are the operations whose documents may mount what is the host's.
var mounts = map[string]bool{
	"ContainerCreate": true, "ContainerUpdate": true, "ServiceCreate": true, "ServiceUpdate": true, "VolumeCreate": true,
}

// maxBinds bounds the folders that one document may name.
const maxBinds = 256

// bindsOf returns what of the host a document wants to have mounted, for an operation of mounts,
// and whether it wants the mounts of another container.
func bindsOf(operation string, doc []byte) (binds []string, borrows bool) {
	add := func(source string) {
		if strings.HasPrefix(source, "/") && len(binds) < maxBinds { // anything else is the name of a volume
			binds = append(binds, path.Clean(source))
		}
	}
	switch operation {
	case "ContainerCreate", "ContainerUpdate":
		host := member(doc, "HostConfig")
		for bind := range jsontext.Elements(member(host, "Binds")) {
			source, _, _ := strings.Cut(text(bind), ":")
			add(source)
		}
		for m := range jsontext.Elements(member(host, "Mounts")) {
			add(mountSource(m))
		}
		for range jsontext.Elements(member(host, "VolumesFrom")) {
			borrows = true
		}
	case "ServiceCreate", "ServiceUpdate":
		for m := range jsontext.Elements(member(member(member(doc, "TaskTemplate"), "ContainerSpec"), "Mounts")) {
			add(mountSource(m))
		}
	case "VolumeCreate":
		add(deviceOf(member(doc, "DriverOpts")))
	}
	return binds, borrows
}

// mountSource returns what a mount has of the host; empty if that is nothing.
func mountSource(m []byte) string {
	if text(member(m, "Type")) == "bind" {
		return text(member(m, "Source"))
	}
	return deviceOf(member(member(member(m, "VolumeOptions"), "DriverConfig"), "Options"))
}

// deviceOf returns the folder that the options of a volume make it stand for.
func deviceOf(options []byte) string {
	for o := range strings.SplitSeq(text(member(options, "o")), ",") {
		if o == "bind" || o == "rbind" {
			return text(member(options, "device"))
		}
	}
	return ""
}

// member returns the value of a member, as the daemon reads it: in any case.
func member(doc []byte, name string) (value []byte) {
	for n, v := range jsontext.Members(doc) {
		if jsontext.Named(n, name) {
			value = v
		}
	}
	return value
}

// text returns a string; empty for all else.
func text(value []byte) string {
	if len(value) < 2 || value[0] != '"' {
		return ""
	}
	s, _ := jsontext.Unquote(value)
	return string(s)
}
