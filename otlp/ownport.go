package otlp

import (
	"net"
	"strconv"
	"strings"
	"sync"
)

// ownPorts are the local ports of our own connections to the collector, as long as they can
// be in what is captured: the last ones.
type ownPorts struct {
	mu    sync.Mutex
	ports [256]int
	next  int
}

func (o *ownPorts) add(port int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ports[o.next] = port
	o.next = (o.next + 1) % len(o.ports)
}

// has reports whether an address, as "tcp://127.0.0.1:40000", has one of them.
func (o *ownPorts) has(addr string) bool {
	_, port, err := net.SplitHostPort(strings.TrimPrefix(addr, "tcp://"))
	if err != nil {
		return false
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.ports {
		if p == n && n != 0 {
			return true
		}
	}
	return false
}
