package risk

import (
	"encoding/base64"
	"strings"
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
		return word == "disable" || word == "disabled" || strings.Contains(word, "spc_t") || strings.Contains(word, "unconfined")
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
// does not name. Of several actions each counts.
func allowsAll(profile string) bool {
	for name, value := range members([]byte(profile)) {
		if name != "defaultaction" {
			continue
		}
		if action := text(value); action == "SCMP_ACT_ALLOW" || action == "SCMP_ACT_LOG" || action == "SCMP_ACT_TRACE" {
			return true
		}
	}
	return false
}

// privileges judges what a service says of confinement.
func (f *found) privileges(at string, doc []byte) {
	for name, value := range f.members(at, doc) {
		for inner, v := range f.members(at+"."+name, value) {
			f.hidden(at+"."+name+"."+inner, text(v))
			switch {
			case name == "seccomp" && inner == "profile":
				if profile, err := base64.StdEncoding.DecodeString(text(v)); err == nil && allowsAll(string(profile)) {
					f.add(SecurityOptOff, at+" has a profile of seccomp that lets all pass")
				}
			case name == "seccomp" && inner == "mode" && fold(text(v)) == "unconfined",
				name == "apparmor" && inner == "mode" && fold(text(v)) == "disabled",
				name == "selinuxcontext" && inner == "disable" && isTrue(v),
				name == "selinuxcontext" && inner == "type" && takesOff("label", text(v)):
				f.add(SecurityOptOff, at+" turns "+name+" off")
			}
		}
	}
}
