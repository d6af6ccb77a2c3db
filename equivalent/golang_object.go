package equivalent

// goObjects are the calls of networks, volumes, plugins, swarms and the daemon itself.
var goObjects = goTable{
	"NetworkList":       goList("NetworkList", "network.ListOptions"),
	"NetworkInspect":    goNetworkInspect,
	"NetworkDelete":     goOfName("check", "NetworkRemove"),
	"NetworkCreate":     goNetworkCreate,
	"NetworkConnect":    goNetworkConnect,
	"NetworkDisconnect": goNetworkDisconnect,
	"NetworkPrune":      goPrune("NetworksPrune"),
	"VolumeList":        goList("VolumeList", "volume.ListOptions"),
	"VolumeInspect":     goOfName("show", "VolumeInspect"),
	"VolumeCreate":      func(a *wanted, g *golang) { g.do("show", "VolumeCreate", g.doc(a.body, "volume.CreateOptions")) },
	"VolumeUpdate": func(a *wanted, g *golang) {
		g.do("check", "VolumeUpdate", g.str(a.name), goVersion(a), g.doc(a.body, "volume.UpdateOptions"))
	},
	"VolumeDelete": func(a *wanted, g *golang) { g.do("check", "VolumeRemove", g.str(a.name), goBool(a.on("force"))) },
	"VolumePrune":  goPrune("VolumesPrune"),
	"PluginList":   func(a *wanted, g *golang) { g.do("show", "PluginList", g.filters(a)) },
	"PluginInspect": func(a *wanted, g *golang) {
		g.do("showRaw", "PluginInspectWithRaw", g.str(a.name))
	},
	"PluginDelete": func(a *wanted, g *golang) {
		g.do("check", "PluginRemove", g.str(a.name), goOptions("types.PluginRemoveOptions", goFlag("Force", a.on("force"))))
	},
	"PluginEnable": func(a *wanted, g *golang) {
		g.do("check", "PluginEnable", g.str(a.name), goOptions("types.PluginEnableOptions", digitsField("Timeout", a.param("timeout"))))
	},
	"PluginDisable": func(a *wanted, g *golang) {
		g.do("check", "PluginDisable", g.str(a.name), goOptions("types.PluginDisableOptions", goFlag("Force", a.on("force"))))
	},
	"PluginSet":  func(a *wanted, g *golang) { g.do("check", "PluginSet", g.str(a.name), g.strings(a.body.strs())) },
	"PluginPush": func(a *wanted, g *golang) { g.do("stream", "PluginPush", g.str(a.name), g.auth(a)) },
	"PluginCreate": func(a *wanted, g *golang) {
		g.do("check", "PluginCreate", goFile("plugin.tar"), goOptions("types.PluginCreateOptions", g.field("RepoName", a.param("name"))))
	},
	"SystemInfo":      goBare("show", "Info"),
	"SystemVersion":   goBare("show", "ServerVersion"),
	"SystemPing":      goPing,
	"SystemPingHead":  goPing,
	"SystemEvents":    goEvents,
	"SystemDataUsage": goUsage,
	"SystemAuth":      func(a *wanted, g *golang) { g.do("show", "RegistryLogin", g.doc(a.body, "registry.AuthConfig")) },
}

// goBool is a word of Go.
func goBool(on bool) goExpr {
	if on {
		return goWord("true")
	}
	return goWord("false")
}

// goVersion is the version of the object that is to be changed.
func goVersion(a *wanted) goExpr {
	return goOptions("swarm.Version", digitsField("Index", a.param("version")))
}

func goPing(a *wanted, g *golang) {
	if a.x.Request.Method != "HEAD" { // with which the client asks
		goRequest(a, g)
	} else {
		g.do("show", "Ping")
	}
	g.note("With client.WithAPIVersionNegotiation() the client does this by itself.")
}

func goNetworkInspect(a *wanted, g *golang) {
	g.do("show", "NetworkInspect", g.str(a.name), goOptions("network.InspectOptions", g.field("Scope", a.param("scope")), goFlag("Verbose", a.on("verbose"))))
}

func goNetworkCreate(a *wanted, g *golang) {
	name := a.body.str("Name")
	a.body.use("CheckDuplicate") // which is always so since API 1.44
	g.do("show", "NetworkCreate", g.str(name), g.doc(a.body, "network.CreateOptions"))
}

func goNetworkConnect(a *wanted, g *golang) {
	end := goWord("nil")
	if e := a.body.get("EndpointConfig"); e != nil {
		end = g.pointerTo(e, "network.EndpointSettings")
	}
	g.do("check", "NetworkConnect", g.str(a.name), g.str(a.body.str("Container")), end)
}

func goNetworkDisconnect(a *wanted, g *golang) {
	g.do("check", "NetworkDisconnect", g.str(a.name), g.str(a.body.str("Container")), goBool(a.body.truth("Force")))
}

func goEvents(a *wanted, g *golang) {
	g.do("told", "Events", goOptions("events.ListOptions", g.field("Since", a.param("since")), g.field("Until", a.param("until")), g.filterField(a)))
}

func goUsage(a *wanted, g *golang) {
	var kinds []goItem
	if all := a.params("type"); len(all) > 0 {
		e := g.strings(all)
		e.word = "[]types.DiskUsageObject{"
		kinds = []goItem{{"Types:", e}}
	}
	g.do("show", "DiskUsage", goOptions("types.DiskUsageOptions", kinds))
}
