package equivalent

// goSwarms are the calls of swarms, nodes, services, tasks, secrets and configs.
var goSwarms = goTable{
	"NodeList":       goList("NodeList", "swarm.NodeListOptions"),
	"NodeInspect":    goOfName("showRaw", "NodeInspectWithRaw"),
	"NodeDelete":     goNodeRemove,
	"NodeUpdate":     goChange("NodeUpdate", "swarm.NodeSpec"),
	"SwarmInspect":   goBare("show", "SwarmInspect"),
	"SwarmInit":      func(a *wanted, g *golang) { g.do("show", "SwarmInit", g.doc(a.body, "swarm.InitRequest")) },
	"SwarmJoin":      func(a *wanted, g *golang) { g.do("check", "SwarmJoin", g.doc(a.body, "swarm.JoinRequest")) },
	"SwarmLeave":     func(a *wanted, g *golang) { g.do("check", "SwarmLeave", goBool(a.on("force"))) },
	"SwarmUpdate":    goSwarmUpdate,
	"SwarmUnlockkey": goBare("show", "SwarmGetUnlockKey"),
	"SwarmUnlock":    func(a *wanted, g *golang) { g.do("check", "SwarmUnlock", g.doc(a.body, "swarm.UnlockRequest")) },
	"SecretList":     goList("SecretList", "swarm.SecretListOptions"),
	"SecretCreate":   func(a *wanted, g *golang) { g.do("show", "SecretCreate", g.doc(a.body, "swarm.SecretSpec")) },
	"SecretInspect":  goOfName("showRaw", "SecretInspectWithRaw"),
	"SecretDelete":   goOfName("check", "SecretRemove"),
	"SecretUpdate":   goChange("SecretUpdate", "swarm.SecretSpec"),
	"ConfigList":     goList("ConfigList", "swarm.ConfigListOptions"),
	"ConfigCreate":   func(a *wanted, g *golang) { g.do("show", "ConfigCreate", g.doc(a.body, "swarm.ConfigSpec")) },
	"ConfigInspect":  goOfName("showRaw", "ConfigInspectWithRaw"),
	"ConfigDelete":   goOfName("check", "ConfigRemove"),
	"ConfigUpdate":   goChange("ConfigUpdate", "swarm.ConfigSpec"),
	"TaskList":       goList("TaskList", "swarm.TaskListOptions"),
	"TaskInspect":    goOfName("showRaw", "TaskInspectWithRaw"),
	"TaskLogs":       goLogs("TaskLogs"),
	"ServiceList":    goServices,
	"ServiceCreate":  goServiceCreate,
	"ServiceInspect": goServiceInspect,
	"ServiceUpdate":  goServiceUpdate,
	"ServiceDelete":  goOfName("check", "ServiceRemove"),
	"ServiceLogs":    goLogs("ServiceLogs"),
}

// goChange is the form of methods that replace the whole of an object.
func goChange(method, kind string) goForm {
	return func(a *wanted, g *golang) { g.do("check", method, g.str(a.name), goVersion(a), g.doc(a.body, kind)) }
}

func goNodeRemove(a *wanted, g *golang) {
	g.do("check", "NodeRemove", g.str(a.name), goOptions("swarm.NodeRemoveOptions", goFlag("Force", a.on("force"))))
}

func goSwarmUpdate(a *wanted, g *golang) {
	g.do("check", "SwarmUpdate", goVersion(a), g.doc(a.body, "swarm.Spec"), goOptions("swarm.UpdateFlags",
		goFlag("RotateWorkerToken", a.on("rotateWorkerToken")), goFlag("RotateManagerToken", a.on("rotateManagerToken")),
		goFlag("RotateManagerUnlockKey", a.on("rotateManagerUnlockKey"))))
}

func goServices(a *wanted, g *golang) {
	g.do("show", "ServiceList", goOptions("swarm.ServiceListOptions", g.filterField(a), goFlag("Status", a.on("status"))))
}

// encodedAuth is the credentials for a registry as options of services have them.
func encodedAuth(a *wanted, g *golang) []goItem {
	f := g.registryAuth(a.x)
	for i := range f {
		f[i].key = "EncodedRegistryAuth:"
	}
	return f
}

func goServiceCreate(a *wanted, g *golang) {
	g.do("show", "ServiceCreate", g.doc(a.body, "swarm.ServiceSpec"), goOptions("swarm.ServiceCreateOptions", encodedAuth(a, g)))
}

func goServiceInspect(a *wanted, g *golang) {
	g.do("showRaw", "ServiceInspectWithRaw", g.str(a.name), goOptions("swarm.ServiceInspectOptions", goFlag("InsertDefaults", a.on("insertDefaults"))))
}

func goServiceUpdate(a *wanted, g *golang) {
	g.do("show", "ServiceUpdate", g.str(a.name), goVersion(a), g.doc(a.body, "swarm.ServiceSpec"), goOptions("swarm.ServiceUpdateOptions",
		encodedAuth(a, g), g.field("RegistryAuthFrom", a.param("registryAuthFrom")), g.field("Rollback", a.param("rollback"))))
}
