package audit

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/risk"
	"github.com/socktrace/socktrace/wire"
)

// maxHosts bounds how many networks are known that are the host's: each daemon has one,
// and another for a swarm.
const maxHosts = 64

// known is what is known of daemons. Its methods may be called concurrently.
type known struct {
	sockets []string // that lead to a daemon, beside its own
	mu      sync.Mutex
	hosts   atomic.Pointer[[]string] // written under mu, and never changed in place
}

// of returns what is known of the daemon of a connection.
func (k *known) of(s *session) risk.Known {
	of := risk.Known{Sockets: s.sockets}
	if hosts := k.hosts.Load(); hosts != nil {
		of.Hosts = *hosts
	}
	return of
}

// reaching returns the paths of sockets that lead to the daemon of a connection.
func (k *known) reaching(c *wire.Conn) []string {
	if own := socketOf(c); own != "" {
		return append(slices.Clip(k.sockets), own)
	}
	return k.sockets
}

// socketOf returns the path of the socket of the daemon of a connection; empty if it
// has none.
func socketOf(c *wire.Conn) string {
	path, is := strings.CutPrefix(c.Outermost().Server.Addr, "unix://")
	if !is || !strings.HasPrefix(path, "/") {
		return ""
	}
	return path
}

// learn notes which id the host's network has, from a document that a daemon has answered
// an operation with: clients name it by that later.
func (k *known) learn(op *dockerapi.Operation, doc []byte) {
	switch op.Kin() {
	case "NetworkInspect":
		k.network(doc)
	case "NetworkList":
		for network := range jsontext.Elements(doc) {
			k.network(network)
		}
	}
}

// network notes a network, if it is the host's.
func (k *known) network(doc []byte) {
	id, host := "", false
	for name, value := range jsontext.Members(doc) {
		s, _ := jsontext.Unquote(value)
		switch {
		case jsontext.Named(name, "Id"):
			id = string(s)
		case jsontext.Named(name, "Name"), jsontext.Named(name, "Driver"):
			host = host || string(s) == "host"
		}
	}
	const longest = 128 // an id is 25 or 64 characters
	if !host || id == "" || len(id) > longest {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	var hosts []string
	if was := k.hosts.Load(); was != nil {
		hosts = *was
	}
	if slices.Contains(hosts, id) {
		return
	}
	hosts = append(slices.Clone(hosts), id)
	if len(hosts) > maxHosts {
		hosts = hosts[1:]
	}
	k.hosts.Store(&hosts)
}
