package dockerapi

import "strings"

// Program is what calls itself something in the field User-Agent.
type Program struct {
	Name, Version string // "docker-py", "7.1.0"; Name is empty if it says nothing
	// Most is the newest version of the API that it asks for; zero if that is not known.
	Most Version
	// Any says that it asks for whatever the daemon has, also what is newer than itself.
	Any bool
}

// ProgramOf returns what a value of User-Agent says.
func ProgramOf(agent string) Program {
	product, _, _ := strings.Cut(agent, " ") // RFC 9110, section 10.1.5: the most important one is first
	name, version, _ := strings.Cut(product, "/")
	version = strings.TrimPrefix(version, "v")
	switch name {
	case "Docker-Client": // whose numbers are those of engines
		p := Program{Name: "docker CLI", Version: version}
		if e, ok := EngineOf(version); ok {
			p.Most = e.Max
		}
		return p
	case "docker-sdk-python":
		return Program{Name: "docker-py", Version: version, Any: true}
	case "moby-client":
		name = "moby client"
	}
	return Program{Name: name, Version: version}
}

// String returns "docker-py 7.1.0".
func (p Program) String() string { return strings.TrimSpace(p.Name + " " + p.Version) }
