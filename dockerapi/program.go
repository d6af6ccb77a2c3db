package dockerapi

import (
	"strconv"
	"strings"
)

// Program is what calls itself something in the field User-Agent.
type Program struct {
	Kind          Kind
	Name, Version string // "docker-py", "7.1.0"; Name is empty if it says nothing
	// Most is the newest version of the API that it asks for; zero if that is not known.
	Most Version
	// Any says that it asks for whatever the daemon has, also what is newer than itself.
	Any bool
}

// Kind tells apart the programs that ask in ways of their own.
type Kind uint8

const (
	OtherKind Kind = iota // or nobody knows
	DockerCLI
	DockerPy
	Compose
	Buildx
)

// ProgramOf returns what a value of User-Agent says.
func ProgramOf(agent string) Program {
	name, version, _ := strings.Cut(Product(agent), "/")
	p := Program{Name: name, Version: strings.TrimPrefix(version, "v")}
	switch name {
	case "Docker-Client": // whose numbers are those of engines
		p.Kind, p.Name = DockerCLI, "docker CLI"
		if e, ok := EngineOf(p.Version); ok {
			p.Most = e.Max
		}
	case "docker-sdk-python":
		p.Kind, p.Name, p.Any = DockerPy, "docker-py", true
	case "moby-client":
		p.Name = "moby client"
	case "compose":
		p.Kind = Compose
	case "buildx":
		p.Kind = Buildx
	}
	return p
}

// Product returns the program that a value of User-Agent names, with its version:
// "docker-sdk-python/7.1.0". The most important one is first (RFC 9110, section 10.1.5).
func Product(agent string) string {
	product, _, _ := strings.Cut(agent, " ")
	return product
}

// String returns "docker-py 7.1.0".
func (p Program) String() string { return strings.TrimSpace(p.Name + " " + p.Version) }

// Major returns the number before the first dot of the version; 0 if there is none.
func (p Program) Major() int {
	major, _, _ := strings.Cut(p.Version, ".")
	n, err := strconv.Atoi(major)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// KindAs returns the kind of p in a process of this name, which may be empty: plugins of the
// docker CLI may call themselves what that does.
func (p Program) KindAs(process string) Kind {
	switch process {
	case "docker-compose":
		return Compose
	case "docker-buildx":
		return Buildx
	}
	return p.Kind
}
