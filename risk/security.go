package risk

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// securityOptions judges options such as seccomp=unconfined, or, as older clients write
// them, seccomp:unconfined.
func (f *found) securityOptions(at string, options []string) {
	for _, o := range options {
		if f.hidden(at, o) {
			continue
		}
		name, value := cutOption(o)
		if takesOff(name, value) {
			f.add(SecurityOptOff, at+" has "+o)
		}
	}
}

// cutOption cuts an option at = or : , whichever comes first.
func cutOption(o string) (name, value string) {
	if i := strings.IndexAny(o, "=:"); i >= 0 {
		return fold(strings.TrimSpace(o[:i])), strings.TrimSpace(o[i+1:])
	}
	return fold(strings.TrimSpace(o)), ""
}

// takesOff reports whether an option takes a confinement off.
func takesOff(name, value string) bool {
	word := fold(value)
	switch name {
	case "seccomp":
		return word == "unconfined" || allowsAll(value)
	case "apparmor":
		return word == "unconfined"
	case "label":
		return word == "disable" || word == "disabled" || strings.Contains(word, "spc_t")
	case "no-new-privileges":
		return word == "false" || word == "0" || word == "f"
	case "systempaths":
		return word == "unconfined"
	case "unmask", "writable-cgroups":
		return word != "" && word != "false"
	}
	return false
}

// allowsAll reports whether a profile of seccomp lets every system call pass that it
// does not name.
func allowsAll(profile string) bool {
	for name, value := range members([]byte(profile)) {
		if name == "defaultaction" {
			action := text(value)
			return action == "SCMP_ACT_ALLOW" || action == "SCMP_ACT_LOG" || action == "SCMP_ACT_TRACE"
		}
	}
	return false
}

// privileges judges what a service says of confinement.
func (f *found) privileges(at string, doc []byte) {
	for name, value := range members(doc) {
		for inner, v := range members(value) {
			switch {
			case name == "seccomp" && inner == "mode" && fold(text(v)) == "unconfined",
				name == "apparmor" && inner == "mode" && fold(text(v)) == "disabled",
				name == "selinuxcontext" && inner == "disable" && isTrue(v),
				name == "selinuxcontext" && inner == "type" && strings.Contains(fold(text(v)), "spc_t"):
				f.add(SecurityOptOff, at+" turns "+name+" off")
			}
		}
	}
}

// devices judges a list of devices: objects or paths.
func (f *found) devices(at string, list []byte) {
	for element := range jsontext.Elements(list) {
		what := text(element)
		for name, value := range members(element) {
			switch name {
			case "pathonhost", "path":
				what = text(value)
			case "driver", "capabilities":
				if what == "" {
					what = strings.Join(words(value), ",")
				}
			}
		}
		if what == "" {
			what = "one of the host"
		}
		f.add(Device, at+" has "+what)
	}
}
