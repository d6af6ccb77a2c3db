package risk

import (
	"slices"
	"strings"
)

// driver judges the options of a volume. The local driver gives them to mount(8).
func (f *found) driver(at string, doc []byte) {
	var local, other bool
	var types, options, devices []string
	for name, value := range f.members(at, doc) {
		switch name {
		case "driver", "name":
			if name == "name" && at != "" && !strings.HasSuffix(at, "VolumeOptions") {
				continue // of the volume
			}
			d := fold(text(value))
			local = local || d == "local" || d == "" || strings.Contains(d, masked)
			other = other || d != "local" && d != ""
		case "driveropts", "options", "opts":
			for name, value := range f.members(at, value) {
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
	options = joinedOptions(options)
	for _, o := range options { // a password may be masked, what it is not
		name, _, _ := strings.Cut(o, "=")
		f.hidden(at, name)
	}
	binds := slices.Contains(options, "bind") || slices.Contains(options, "rbind")
	if f.layers(at, options) {
		f.add(VolumeBind, at+" is a volume of "+strings.Join(options, ","))
	}
	f.kernel(at, types)
	for _, t := range types {
		f.hidden(at, t)
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
			f.relative(at, device)
		}
	}
}
