package equivalent

import "strings"

func dockerServices(a *wanted, c *command) {
	listed("service", "ls")(a, c)
	a.spend("status") // which the CLI always sends
}

func dockerServiceLogs(a *wanted, c *command) {
	c.say("service", "logs")
	a.spend("details") // which the CLI always asks for
	dockerLogFlags(a, c)
	c.args(a.name)
}

func dockerServiceInspect(a *wanted, c *command) {
	c.say("service", "inspect")
	c.args(a.name)
	a.spend("insertDefaults")
}

func dockerServiceCreate(a *wanted, c *command) {
	c.say("service", "create")
	b := a.body
	c.flag("--name", b.str("Name"))
	serviceFlags(b, c)
	c.flags("--label", b.pairs("=", true, "Labels"))
	spec := b.get("TaskTemplate", "ContainerSpec")
	c.flags("--container-label", spec.pairs("=", true, "Labels"))
	c.flags("-e", spec.strs("Env"))
	c.flags("--group", spec.strs("Groups"))
	for _, m := range spec.elements("Mounts") {
		c.set("--mount", mountWord(m))
	}
	for _, n := range b.elements("TaskTemplate", "Networks") {
		c.set("--network", serviceNetwork(n))
	}
	for _, n := range b.elements("Networks") { // where older clients have them
		c.set("--network", serviceNetwork(n))
	}
	for _, p := range b.elements("EndpointSpec", "Ports") {
		c.set("-p", servicePort(p))
	}
	c.flags("--secret", dataWords(spec, "Secrets", "SecretName"))
	c.flags("--config", dataWords(spec, "Configs", "ConfigName"))
	c.flags("--constraint", b.strs("TaskTemplate", "Placement", "Constraints"))
	for _, p := range b.elements("TaskTemplate", "Placement", "Preferences") {
		c.set("--placement-pref", "spread="+p.str("Spread", "SpreadDescriptor"))
	}
	b.use("TaskTemplate", "Placement", "Platforms") // which the CLI fills in from the registry
	c.flags("--dns", spec.strs("DNSConfig", "Nameservers"))
	c.flags("--dns-option", spec.strs("DNSConfig", "Options"))
	c.flags("--dns-search", spec.strs("DNSConfig", "Search"))
	c.flags("--host", swapped(spec.strs("Hosts")))
	if strings.Contains(spec.str("Image"), "@sha256:") {
		c.note("The CLI asked the registry for the image's digest before; the daemon is sent both.")
	}
	c.args(spec.str("Image"))
	c.rest(spec.strs("Args")...)
	noteRegistry(a, c)
}

func dockerServiceUpdate(a *wanted, c *command) {
	c.say("service", "update")
	b := a.body
	if a.param("rollback") == "previous" {
		c.say("--rollback")
	}
	a.spend("version", "registryAuthFrom")
	b.use("Name")
	spec := b.get("TaskTemplate", "ContainerSpec")
	c.flag("--image", spec.str("Image"))
	if args := spec.strs("Args"); len(args) > 0 {
		words := make([]string, len(args))
		for i, w := range args {
			words[i] = shellWord(w)
		}
		c.set("--args", strings.Join(words, " "))
	}
	if n := b.number("TaskTemplate", "ForceUpdate"); n != "" {
		c.say("--force")
	}
	serviceFlags(b, c)
	c.flags("--label-add", b.pairs("=", true, "Labels"))
	c.flags("--container-label-add", spec.pairs("=", true, "Labels"))
	c.flags("--env-add", spec.strs("Env"))
	c.flags("--group-add", spec.strs("Groups"))
	for _, m := range spec.elements("Mounts") {
		c.set("--mount-add", mountWord(m))
	}
	for _, p := range b.elements("EndpointSpec", "Ports") {
		c.set("--publish-add", servicePort(p))
	}
	for _, n := range b.elements("TaskTemplate", "Networks") {
		c.set("--network-add", serviceNetwork(n))
	}
	c.flags("--secret-add", dataWords(spec, "Secrets", "SecretName"))
	c.flags("--config-add", dataWords(spec, "Configs", "ConfigName"))
	c.flags("--constraint-add", b.strs("TaskTemplate", "Placement", "Constraints"))
	b.use("TaskTemplate", "Placement", "Platforms")
	c.args(a.name)
	c.note("A service is updated as a whole: the CLI asks for all of it first, and sends it back with what its flags change. The flags here give all that was sent.")
	noteRegistry(a, c)
}

// serviceFlags gives what docker service create and update call the same.
func serviceFlags(b *value, c *command) {
	serviceMode(b, c)
	spec := b.get("TaskTemplate", "ContainerSpec")
	if words := spec.strs("Command"); len(words) > 0 {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = shellWord(w)
		}
		c.set("--entrypoint", strings.Join(quoted, " "))
	}
	c.flag("--hostname", spec.str("Hostname"))
	c.flag("-u", spec.str("User"))
	c.flag("-w", spec.str("Dir"))
	c.on("-t", spec.truth("TTY"))
	c.on("--read-only", spec.truth("ReadOnly"))
	c.on("--init", spec.truth("Init"))
	c.flag("--stop-signal", spec.str("StopSignal"))
	if n := spec.number("StopGracePeriod"); n != "" {
		c.flag("--stop-grace-period", durationWord(n))
	}
	if i := spec.str("Isolation"); i != "default" {
		c.flag("--isolation", i)
	}
	createHealth(spec, c)
	c.flags("--cap-add", capabilities(spec.strs("CapabilityAdd")))
	c.flags("--cap-drop", capabilities(spec.strs("CapabilityDrop")))
	c.flags("--sysctl", spec.pairs("=", false, "Sysctls"))
	for _, u := range spec.elements("Ulimits") {
		c.set("--ulimit", ulimitWord(u))
	}
	serviceTask(b.get("TaskTemplate"), c)
	updateFlags("--update-", b.get("UpdateConfig"), c)
	updateFlags("--rollback-", b.get("RollbackConfig"), c)
	if mode := b.str("EndpointSpec", "Mode"); mode != "vip" {
		c.flag("--endpoint-mode", mode)
	}
}

// serviceMode gives how many tasks there are.
func serviceMode(b *value, c *command) {
	mode := b.get("Mode")
	switch {
	case mode.get("Global") != nil:
		c.say("--mode global")
	case mode.get("GlobalJob") != nil:
		c.say("--mode global-job")
	case mode.get("ReplicatedJob") != nil:
		c.say("--mode replicated-job")
		c.flag("--max-concurrent", mode.str("ReplicatedJob", "MaxConcurrent"))
		c.flag("--replicas", mode.str("ReplicatedJob", "TotalCompletions"))
	default:
		c.flag("--replicas", mode.str("Replicated", "Replicas"))
	}
}

// serviceTask gives limits, when tasks are started again, and where they log to.
func serviceTask(t *value, c *command) {
	r := t.get("Resources")
	c.flag("--limit-cpu", cpusWord(r.number("Limits", "NanoCPUs")))
	c.flag("--limit-memory", sizeWord(r.number("Limits", "MemoryBytes")))
	c.flag("--limit-pids", r.number("Limits", "Pids"))
	c.flag("--reserve-cpu", cpusWord(r.number("Reservations", "NanoCPUs")))
	c.flag("--reserve-memory", sizeWord(r.number("Reservations", "MemoryBytes")))
	for _, g := range r.elements("Reservations", "GenericResources") {
		for _, kind := range []string{"DiscreteResourceSpec", "NamedResourceSpec"} {
			if name := g.str(kind, "Kind"); name != "" {
				c.set("--generic-resource", name+"="+g.str(kind, "Value"))
			}
		}
	}
	p := t.get("RestartPolicy")
	if when := p.str("Condition"); when != "any" {
		c.flag("--restart-condition", when)
	}
	c.flag("--restart-max-attempts", p.number("MaxAttempts"))
	if n := p.number("Delay"); n != "" && n != "5000000000" {
		c.flag("--restart-delay", durationWord(n))
	}
	if n := p.number("Window"); n != "" {
		c.flag("--restart-window", durationWord(n))
	}
	c.flag("--replicas-max-per-node", t.number("Placement", "MaxReplicas"))
	c.flag("--log-driver", t.str("LogDriver", "Name"))
	c.flags("--log-opt", t.pairs("=", false, "LogDriver", "Options"))
	t.use("Runtime")
	t.use("ForceUpdate")
}

// updateFlags gives how tasks are replaced by new ones.
func updateFlags(prefix string, u *value, c *command) {
	if n := u.number("Parallelism"); n != "1" {
		c.flag(prefix+"parallelism", n)
	}
	for _, d := range []struct{ flag, field, usual string }{{"delay", "Delay", ""}, {"monitor", "Monitor", "5000000000"}} {
		if n := u.number(d.field); n != "" && n != d.usual {
			c.flag(prefix+d.flag, durationWord(n))
		}
	}
	if v := u.str("FailureAction"); v != "pause" {
		c.flag(prefix+"failure-action", v)
	}
	c.flag(prefix+"max-failure-ratio", u.number("MaxFailureRatio"))
	if v := u.str("Order"); v != "stop-first" {
		c.flag(prefix+"order", v)
	}
}

// serviceNetwork returns a network as --network of a service has it.
func serviceNetwork(n *value) string {
	target := n.str("Target")
	var parts []string
	for _, alias := range n.strs("Aliases") {
		parts = append(parts, "alias="+alias)
	}
	for _, o := range n.pairs("=", false, "DriverOpts") {
		parts = append(parts, "driver-opt="+o)
	}
	if len(parts) == 0 {
		return target
	}
	return csvWord(append([]string{"name=" + target}, parts...))
}

// servicePort returns a port as -p of a service has it.
func servicePort(p *value) string {
	var parts []string
	for _, f := range []struct{ word, field, usual string }{
		{"published", "PublishedPort", ""}, {"target", "TargetPort", ""}, {"protocol", "Protocol", "tcp"}, {"mode", "PublishMode", "ingress"},
	} {
		if v := p.str(f.field); v != "" && v != "0" && v != f.usual {
			parts = append(parts, f.word+"="+v)
		}
	}
	return csvWord(parts)
}

// dataWords returns secrets or configs as --secret and --config have them.
func dataWords(spec *value, field, nameField string) []string {
	var all []string
	for _, d := range spec.elements(field) {
		name, file := d.str(nameField), d.get("File")
		parts := []string{"source=" + name}
		if target := file.str("Name"); target != name && target != "" {
			parts = append(parts, "target="+target)
		}
		for _, owner := range []struct{ word, field string }{{"uid", "UID"}, {"gid", "GID"}} {
			if id := file.str(owner.field); id != "0" && id != "" {
				parts = append(parts, owner.word+"="+id)
			}
		}
		if mode := octalWord(file.number("Mode")); mode != "" && mode != "444" {
			parts = append(parts, "mode=0"+mode)
		}
		d.use("SecretID")
		d.use("ConfigID")
		if len(parts) == 1 {
			parts[0] = name
		}
		all = append(all, csvWord(parts))
	}
	return all
}

// swapped returns the lines of a hosts file, "address name", as "name:address".
func swapped(lines []string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = line
		if f := strings.Fields(line); len(f) == 2 {
			all[i] = f[1] + ":" + f[0]
		}
	}
	return all
}
