package equivalent

import "strings"

// dockerSwarms are the commands of swarms, nodes, secrets, configs and tasks.
var dockerSwarms = dockerTable{
	"NodeList":       listed("node", "ls"),
	"NodeInspect":    ofName("node", "inspect"),
	"NodeDelete":     removed("node", "rm"),
	"NodeUpdate":     dockerNodeUpdate,
	"SwarmInspect":   without("No docker command asks for this alone: docker swarm ca, join-token, unlock-key and update do, before they change something."),
	"SwarmInit":      dockerSwarmInit,
	"SwarmJoin":      dockerSwarmJoin,
	"SwarmLeave":     dockerSwarmLeave,
	"SwarmUpdate":    dockerSwarmUpdate,
	"SwarmUnlockkey": bare("swarm", "unlock-key"),
	"SwarmUnlock":    dockerUnlock,
	"SecretList":     listed("secret", "ls"),
	"SecretCreate":   dockerDataCreate("secret"),
	"SecretInspect":  ofName("secret", "inspect"),
	"SecretDelete":   ofName("secret", "rm"),
	"SecretUpdate":   without("No docker command asks for this: only labels could be changed, and docker secret has no update."),
	"ConfigList":     listed("config", "ls"),
	"ConfigCreate":   dockerDataCreate("config"),
	"ConfigInspect":  ofName("config", "inspect"),
	"ConfigDelete":   ofName("config", "rm"),
	"ConfigUpdate":   without("No docker command asks for this: only labels could be changed, and docker config has no update."),
	"TaskList":       dockerTasks,
	"TaskInspect":    ofName("inspect", "--type", "task"),
	"TaskLogs":       dockerServiceLogs,
	"ServiceList":    dockerServices,
	"ServiceCreate":  dockerServiceCreate,
	"ServiceInspect": dockerServiceInspect,
	"ServiceUpdate":  dockerServiceUpdate,
	"ServiceDelete":  ofName("service", "rm"),
	"ServiceLogs":    dockerServiceLogs,
}

func dockerNodeUpdate(a *wanted, c *command) {
	c.say("node", "update")
	c.flag("--availability", a.body.str("Availability"))
	c.flag("--role", a.body.str("Role"))
	c.flags("--label-add", a.body.pairs("=", true, "Labels"))
	a.body.use("Name")
	a.spend("version")
	c.args(a.name)
	c.note("A node is updated as a whole: the CLI asks for all of it first, and sends it back with what its flags change.")
}

// raftFlags gives the settings of a swarm that docker swarm init and update share.
func raftFlags(spec *value, c *command) {
	if n := spec.number("Dispatcher", "HeartbeatPeriod"); n != "" && n != "5000000000" {
		c.flag("--dispatcher-heartbeat", durationWord(n))
	}
	if n := spec.number("CAConfig", "NodeCertExpiry"); n != "" && n != "7776000000000000" {
		c.flag("--cert-expiry", durationWord(n))
	}
	if n := spec.number("Orchestration", "TaskHistoryRetentionLimit"); n != "5" {
		c.flag("--task-history-limit", n)
	}
	if n := spec.number("Raft", "SnapshotInterval"); n != "10000" {
		c.flag("--snapshot-interval", n)
	}
	if n := spec.number("Raft", "KeepOldSnapshots"); n != "" {
		c.flag("--max-snapshots", n)
	}
	c.on("--autolock", spec.truth("EncryptionConfig", "AutoLockManagers"))
	for _, ca := range spec.elements("CAConfig", "ExternalCAs") {
		parts := []string{"protocol=" + ca.str("Protocol"), "url=" + ca.str("URL")}
		c.set("--external-ca", csvWord(append(parts, ca.pairs("=", false, "Options")...)))
	}
}

func dockerSwarmInit(a *wanted, c *command) {
	c.say("swarm", "init")
	b := a.body
	c.flag("--advertise-addr", b.str("AdvertiseAddr"))
	if addr := b.str("ListenAddr"); addr != "0.0.0.0:2377" {
		c.flag("--listen-addr", addr)
	}
	c.flag("--data-path-addr", b.str("DataPathAddr"))
	c.flag("--data-path-port", b.number("DataPathPort"))
	for _, pool := range b.strs("DefaultAddrPool") {
		c.flag("--default-addr-pool", pool)
	}
	if n := b.number("SubnetSize"); n != "24" {
		c.flag("--default-addr-pool-mask-length", n)
	}
	c.on("--force-new-cluster", b.truth("ForceNewCluster"))
	if v := b.str("Availability"); v != "active" {
		c.flag("--availability", v)
	}
	spec := b.get("Spec")
	spec.use("Labels")
	if spec.str("Name") != "default" && spec.str("Name") != "" {
		c.note("docker swarm init names no swarm; here it was named " + spec.str("Name") + ".")
	}
	if b.truth("AutoLockManagers") && !spec.truth("EncryptionConfig", "AutoLockManagers") {
		c.say("--autolock")
	}
	raftFlags(spec, c)
}

func dockerSwarmJoin(a *wanted, c *command) {
	c.say("swarm", "join")
	b := a.body
	c.flag("--advertise-addr", b.str("AdvertiseAddr"))
	if addr := b.str("ListenAddr"); addr != "0.0.0.0:2377" {
		c.flag("--listen-addr", addr)
	}
	c.flag("--data-path-addr", b.str("DataPathAddr"))
	if v := b.str("Availability"); v != "active" {
		c.flag("--availability", v)
	}
	if token := b.str("JoinToken"); token != "" {
		c.say("--token " + c.word(token, "join_token"))
	}
	c.args(b.strs("RemoteAddrs")...)
}

func dockerSwarmLeave(a *wanted, c *command) {
	c.say("swarm", "leave")
	c.on("-f", a.on("force"))
}

func dockerSwarmUpdate(a *wanted, c *command) {
	a.spend("version")
	if a.on("rotateWorkerToken") {
		c.say("swarm join-token --rotate worker")
		a.body.use()
		return
	}
	if a.on("rotateManagerToken") {
		c.say("swarm join-token --rotate manager")
		a.body.use()
		return
	}
	if a.on("rotateManagerUnlockKey") {
		c.say("swarm unlock-key --rotate")
		a.body.use()
		return
	}
	c.say("swarm", "update")
	a.body.use("Name")
	raftFlags(a.body, c)
	if lock := a.body.get("EncryptionConfig", "AutoLockManagers"); lock != nil && !a.body.truth("EncryptionConfig", "AutoLockManagers") {
		c.say("--autolock=false")
	}
	c.note("A swarm is updated as a whole: the CLI asks for all of it first, and sends it back with what its flags change.")
}

func dockerUnlock(a *wanted, c *command) {
	c.before = "printf '%s\\n' " + c.word(a.body.str("UnlockKey"), "unlock_key") + " | "
	c.say("swarm", "unlock")
}

// dockerDataCreate is the form of a secret or a config that is created.
func dockerDataCreate(kind string) dockerForm {
	return func(a *wanted, c *command) {
		b := a.body
		data := b.str("Data")
		word := c.word(data, kind)
		if strings.Contains(word, `"$`) {
			c.before = "printf %s " + word + " | "
			c.note("It was sent in base64; the command reads it without, from its input.")
		} else {
			c.before = "printf %s " + word + " | base64 -d | "
		}
		c.say(kind, "create")
		c.flags("-l", b.pairs("=", true, "Labels"))
		c.flag("-d", b.str("Driver", "Name"))
		c.flag("--template-driver", b.str("Templating", "Name"))
		c.args(b.str("Name"), "-")
	}
}

func dockerTasks(a *wanted, c *command) {
	var rest, of []string
	word := ""
	for _, f := range a.filters() {
		kind, name, _ := strings.Cut(f, "=")
		if kind == "service" || kind == "node" {
			if word == "" || word == kind {
				word, of = kind, append(of, name)
				continue
			}
		}
		rest = append(rest, f)
	}
	if word == "" {
		c.none("No docker command lists all tasks: docker service ps and docker node ps list those of services and nodes.")
		return
	}
	c.say(word, "ps")
	c.flags("-f", rest)
	c.args(of...)
}
