package risk

import "strings"

// devices judges a list of devices: objects or paths. at is what it is called.
func (f *found) devices(at string, list []byte) {
	for element := range f.elements(at, list) {
		what := text(element)
		var allowed, refused bool // a rule for devices says so
		for name, value := range members(element) {
			switch name {
			case "pathonhost", "path":
				what = text(value)
			case "allow":
				allowed, refused = allowed || isTrue(value), refused || !isTrue(value)
			case "driver", "capabilities":
				if what == "" {
					what = strings.Join(words(value), ",")
				}
			}
		}
		if refused && !allowed {
			continue
		}
		if what == "" {
			what = "one of the host"
		}
		f.add(Device, at+" has "+what)
	}
}

// limits judges limits of resources as the OCI has them, among which are devices.
func (f *found) limits(at string, doc []byte) {
	for name, value := range f.members(at, doc) {
		if name == "devices" {
			f.devices(at+".devices", value)
		}
	}
}
