package policy

// Proxy is one that rules are written for.
type Proxy struct {
	Name  string   // as people type it
	Title string   // as its project is called
	Image string   // of its container
	Forms []string // in which its rules are written, the usual one first
}

// The proxies that are known.
var (
	tecnativa   = &Proxy{"tecnativa", "Tecnativa/docker-socket-proxy", "tecnativa/docker-socket-proxy", []string{Compose, Env}}
	linuxserver = &Proxy{"linuxserver", "linuxserver/docker-socket-proxy", "lscr.io/linuxserver/socket-proxy", []string{Compose, Env}}
	wollomatic  = &Proxy{"wollomatic", "wollomatic/socket-proxy", "wollomatic/socket-proxy:1", []string{Compose, Flags, Env, Labels}}
	cetusguard  = &Proxy{"cetusguard", "hectorm/cetusguard", "hectorm/cetusguard:v1", []string{Compose, List}}
)

// The forms of rules.
const (
	Compose = "compose" // a service for docker compose
	Env     = "env"     // NAME=VALUE
	Flags   = "flags"   // one a line
	Labels  = "labels"  // NAME=VALUE, of the container of the client
	List    = "rules"   // a file of rules
)

// Proxies returns the proxies that are known. Nobody changes them.
func Proxies() []*Proxy { return []*Proxy{tecnativa, linuxserver, wollomatic, cetusguard} }

// Named returns the proxy of a name; nil if there is none.
func Named(name string) *Proxy {
	for _, p := range Proxies() {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Has reports whether rules of p are written in a form.
func (p *Proxy) Has(form string) bool {
	for _, f := range p.Forms {
		if f == form {
			return true
		}
	}
	return false
}
