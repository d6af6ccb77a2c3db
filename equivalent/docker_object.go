package equivalent

import "strings"

// dockerObjects are the commands of networks, volumes, plugins and the daemon itself.
var dockerObjects = dockerTable{
	"NetworkList":         listed("network", "ls"),
	"NetworkInspect":      dockerNetworkInspect,
	"NetworkDelete":       removed("network", "rm"),
	"NetworkCreate":       dockerNetworkCreate,
	"NetworkConnect":      dockerNetworkConnect,
	"NetworkDisconnect":   dockerNetworkDisconnect,
	"NetworkPrune":        pruned("network", "prune"),
	"VolumeList":          listed("volume", "ls"),
	"VolumeInspect":       ofName("volume", "inspect"),
	"VolumeCreate":        dockerVolumeCreate,
	"VolumeUpdate":        dockerVolumeUpdate,
	"VolumeDelete":        removed("volume", "rm"),
	"VolumePrune":         dockerVolumePrune,
	"PluginList":          listed("plugin", "ls"),
	"GetPluginPrivileges": without("No docker command asks for this alone: docker plugin install does, to ask whether they are granted."),
	"PluginPull":          dockerPluginInstall,
	"PluginPullByName":    without("No daemon has this path: docker-py asks for it where docker plugin push is meant."),
	"PluginInspect":       ofName("plugin", "inspect"),
	"PluginDelete":        removed("plugin", "rm"),
	"PluginEnable":        dockerPluginEnable,
	"PluginDisable":       dockerPluginDisable,
	"PluginUpgrade":       dockerPluginUpgrade,
	"PluginCreate":        dockerPluginCreate,
	"PluginPush":          ofName("plugin", "push"),
	"PluginSet":           dockerPluginSet,
	"SystemInfo":          bare("info"),
	"SystemVersion":       bare("version"),
	"SystemPing":          without("Nearly every docker command asks for this first, to learn which API version the daemon speaks."),
	"SystemPingHead":      without("Nearly every docker command asks for this first, to learn which API version the daemon speaks."),
	"SystemEvents":        dockerEvents,
	"SystemDataUsage":     bare("system", "df"),
	"SystemAuth":          dockerLogin,
}

func dockerNetworkInspect(a *wanted, c *command) {
	c.say("network", "inspect")
	c.on("-v", a.on("verbose"))
	c.args(a.name)
}

func dockerNetworkCreate(a *wanted, c *command) {
	c.say("network", "create")
	b := a.body
	if driver := b.str("Driver"); driver != "bridge" {
		c.flag("-d", driver)
	}
	c.flag("--scope", b.str("Scope"))
	c.on("--internal", b.truth("Internal"))
	c.on("--attachable", b.truth("Attachable"))
	c.on("--ingress", b.truth("Ingress"))
	c.on("--config-only", b.truth("ConfigOnly"))
	c.flag("--config-from", b.str("ConfigFrom", "Network"))
	if ip := b.get("EnableIPv4"); ip != nil && !b.truth("EnableIPv4") {
		c.say("--ipv4=false")
	}
	c.on("--ipv6", b.truth("EnableIPv6"))
	if driver := b.str("IPAM", "Driver"); driver != "default" {
		c.flag("--ipam-driver", driver)
	}
	c.flags("--ipam-opt", b.pairs("=", false, "IPAM", "Options"))
	for _, pool := range b.elements("IPAM", "Config") {
		c.flag("--subnet", pool.str("Subnet"))
		c.flag("--ip-range", pool.str("IPRange"))
		c.flag("--gateway", pool.str("Gateway"))
		c.flags("--aux-address", pool.pairs("=", false, "AuxiliaryAddresses"))
	}
	c.flags("-o", b.pairs("=", false, "Options"))
	c.flags("--label", b.pairs("=", true, "Labels"))
	b.use("CheckDuplicate") // which clients send always, to daemons that may have two of a name
	c.args(b.str("Name"))
}

func dockerNetworkConnect(a *wanted, c *command) {
	c.say("network", "connect")
	e := a.body.get("EndpointConfig")
	c.flags("--alias", e.strs("Aliases"))
	c.flags("--link", e.strs("Links"))
	c.flag("--ip", e.str("IPAMConfig", "IPv4Address"))
	c.flag("--ip6", e.str("IPAMConfig", "IPv6Address"))
	c.flags("--link-local-ip", e.strs("IPAMConfig", "LinkLocalIPs"))
	c.flags("--driver-opt", e.pairs("=", false, "DriverOpts"))
	c.flag("--gw-priority", e.number("GwPriority"))
	c.args(a.name, a.body.str("Container"))
}

func dockerNetworkDisconnect(a *wanted, c *command) {
	c.say("network", "disconnect")
	c.on("-f", a.body.truth("Force"))
	c.args(a.name, a.body.str("Container"))
}

func dockerVolumeCreate(a *wanted, c *command) {
	c.say("volume", "create")
	b := a.body
	if driver := b.str("Driver"); driver != "local" {
		c.flag("-d", driver)
	}
	c.flags("-o", b.pairs("=", false, "DriverOpts"))
	c.flags("--label", b.pairs("=", true, "Labels"))
	if name := b.str("Name"); name != "" {
		c.args(name)
	}
}

func dockerVolumeUpdate(a *wanted, c *command) {
	c.say("volume", "update")
	c.flag("--availability", a.body.str("Spec", "Availability"))
	a.spend("version")
	c.args(a.name)
}

func dockerVolumePrune(a *wanted, c *command) {
	c.say("volume prune -f")
	for _, f := range a.filters() {
		if f == "all=true" || f == "all=1" {
			c.say("-a")
			continue
		}
		c.set("--filter", f)
	}
}

func dockerPluginInstall(a *wanted, c *command) {
	c.say("plugin install --disable --grant-all-permissions")
	remote := a.param("remote")
	if name := a.param("name"); name != remote {
		c.flag("--alias", name)
	}
	c.args(remote)
	a.body.use()
	c.note("Without --disable the command enables the plugin too, by a request of its own. What was granted is what it asks for; the request lists it.")
	noteRegistry(a, c)
}

func dockerPluginEnable(a *wanted, c *command) {
	c.say("plugin", "enable")
	if n := a.param("timeout"); n != "0" {
		c.flag("--timeout", n)
	}
	c.args(a.name)
}

func dockerPluginDisable(a *wanted, c *command) { removed("plugin", "disable")(a, c) }

func dockerPluginUpgrade(a *wanted, c *command) {
	c.say("plugin upgrade --grant-all-permissions")
	c.args(a.name, a.param("remote"))
	a.body.use()
	noteRegistry(a, c)
}

func dockerPluginCreate(a *wanted, c *command) {
	c.say("plugin", "create")
	c.args(a.param("name"), "./plugin")
	c.note("./plugin stands for a folder with config.json and rootfs, which was sent as a tar archive: " + bodyWords(a) + ".")
}

func dockerPluginSet(a *wanted, c *command) {
	c.say("plugin", "set")
	c.args(append([]string{a.name}, a.body.strs()...)...)
}

func dockerEvents(a *wanted, c *command) {
	c.say("events")
	for _, name := range []string{"since", "until"} {
		if v := a.param(name); v != "0" {
			c.flag("--"+name, v)
		}
	}
	c.flags("-f", a.filters())
}

func dockerLogin(a *wanted, c *command) {
	b := a.body
	if token := b.str("identitytoken"); token != "" && b.str("password") == "" {
		c.none("docker login has no flag for an identity token, which was sent here: the CLI keeps it from an earlier login.")
		return
	}
	c.before = "printf %s " + c.word(b.str("password"), "password") + " | "
	c.say("login")
	c.flag("-u", b.str("username"))
	c.say("--password-stdin")
	b.use("email")
	if server := b.str("serveraddress"); server != "" && !strings.HasPrefix(server, "https://index.docker.io/") {
		c.args(server)
	}
}
