package equivalent

import (
	"slices"
	"strings"
)

// portWords returns ports that are published as -p has them.
func portWords(h *value) []string {
	var all []string
	for _, m := range h.members("PortBindings") {
		inside := strings.TrimSuffix(m.name, "/tcp")
		for _, b := range m.of {
			ip, port := b.str("HostIp"), b.str("HostPort")
			switch {
			case strings.Contains(ip, ":"):
				all = append(all, "["+ip+"]:"+port+":"+inside)
			case ip != "":
				all = append(all, ip+":"+port+":"+inside)
			case port != "":
				all = append(all, port+":"+inside)
			default:
				all = append(all, inside)
			}
		}
	}
	return all
}

// createNetwork gives the container's networks, ports and names.
func createNetwork(b, h *value, c *command) {
	published := make(map[string]bool)
	for _, m := range h.members("PortBindings") {
		published[m.name] = len(m.of) > 0
	}
	c.flags("-p", portWords(h))
	for _, port := range b.keys("ExposedPorts") {
		if !published[port] {
			c.set("--expose", strings.TrimSuffix(port, "/tcp"))
		}
	}
	c.on("--publish-all", h.truth("PublishAllPorts"))
	c.flags("--dns", h.strs("Dns"))
	c.flags("--dns-option", h.strs("DnsOptions"))
	c.flags("--dns-search", h.strs("DnsSearch"))
	c.flags("--add-host", h.strs("ExtraHosts"))
	mode := h.str("NetworkMode")
	first := mode
	if first == "" {
		first = "default"
	}
	links := h.strs("Links")
	main := b.get("NetworkingConfig", "EndpointsConfig", first)
	mac := b.str("MacAddress")
	if own := main.str("MacAddress"); own != "" {
		mac = own
	}
	c.flag("--mac-address", mac)
	for _, l := range main.strs("Links") {
		if !slices.Contains(links, l) {
			links = append(links, l)
		}
	}
	c.flags("--link", links)
	switch advanced := endpointExtras(main); {
	case len(advanced) > 0:
		c.set("--network", csvWord(append([]string{"name=" + first}, advanced...)))
	case mode != "default":
		c.flag("--network", mode)
	}
	c.flags("--network-alias", main.strs("Aliases"))
	c.flag("--ip", main.str("IPAMConfig", "IPv4Address"))
	c.flag("--ip6", main.str("IPAMConfig", "IPv6Address"))
	c.flags("--link-local-ip", main.strs("IPAMConfig", "LinkLocalIPs"))
	for _, m := range b.members("NetworkingConfig", "EndpointsConfig") { // the others
		if strings.EqualFold(m.name, first) {
			continue
		}
		parts := []string{"name=" + m.name}
		add := func(name string, values ...string) {
			for _, v := range values {
				if v != "" {
					parts = append(parts, name+"="+v)
				}
			}
		}
		add("alias", m.strs("Aliases")...)
		add("ip", m.str("IPAMConfig", "IPv4Address"))
		add("ip6", m.str("IPAMConfig", "IPv6Address"))
		add("link-local-ip", m.strs("IPAMConfig", "LinkLocalIPs")...)
		add("mac-address", m.str("MacAddress"))
		add("link", m.strs("Links")...)
		parts = append(parts, endpointExtras(m.value)...)
		if len(parts) == 1 {
			parts[0] = m.name
		}
		c.set("--network", csvWord(parts))
	}
}

// endpointExtras returns what of a network's settings only the long form of --network has.
func endpointExtras(e *value) []string {
	var all []string
	for _, o := range e.pairs("=", false, "DriverOpts") {
		all = append(all, "driver-opt="+o)
	}
	if n := e.number("GwPriority"); n != "" {
		all = append(all, "gw-priority="+n)
	}
	return all
}
