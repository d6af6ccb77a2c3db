package policy

// gate is a variable without which an operation of containers is denied, whatever else is on.
type gate struct{ name, verb string }

// gates are what the newer releases of a proxy have besides.
type gates struct {
	of      []gate
	methods bool   // DELETE, PUT and PATCH have variables of their own: POST is for POST alone
	first   [3]int // what is not before this is newer
	newer   string // how these releases are called
	older   string // how the others are
}

// otherMethods are those that may have variables of their own, which are called as they are.
var otherMethods = []string{"DELETE", "PUT", "PATCH"}

// gatesOf returns what the newer releases of a proxy have. Tecnativa's: README and configuration
// of HAProxy behind release 0.5.0; of linuxserver's it is told by who updated to it.
func gatesOf(p *Proxy) gates {
	switch p.Name {
	case "tecnativa":
		return gates{[]gate{
			{"ALLOW_ARCHIVE", "archive"}, {"ALLOW_ATTACH", "attach"}, {"ALLOW_EXEC", "exec"},
			{"ALLOW_EXPORT", "export"}, {"ALLOW_KILL", "kill"}, {"ALLOW_LOGS", "logs"},
		}, true, [3]int{0, 5, 1}, "after 0.5.0", "up to 0.5.0"}
	case "linuxserver":
		return gates{[]gate{
			{"ALLOW_ARCHIVE", "archive"}, {"ALLOW_CHANGES", "changes"}, {"ALLOW_EXPORT", "export"},
			{"ALLOW_LOGS", "logs"}, {"ALLOW_TOP", "top"},
		}, false, [3]int{3, 4, 4}, "since 3.4.4", "before 3.4.4"}
	}
	return gates{}
}

// isHAProxy reports whether the rules of a proxy are variables.
func isHAProxy(p *Proxy) bool { return p == tecnativa || p == linuxserver }
