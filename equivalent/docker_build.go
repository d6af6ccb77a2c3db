package equivalent

// dockerBuild gives ImageBuild.
func dockerBuild(a *wanted, c *command) {
	kit := a.param("version") == "2"
	if !kit {
		c.before = "DOCKER_BUILDKIT=0 "
	}
	c.say("build")
	c.flags("-t", prefixed("", a.params("t")))
	if file := a.param("dockerfile"); file != "Dockerfile" {
		c.flag("-f", file)
	}
	c.flag("--target", a.param("target"))
	c.flag("--platform", a.param("platform"))
	c.flags("--build-arg", a.document("buildargs").pairs("=", false))
	c.flags("--label", a.document("labels").pairs("=", true))
	c.flags("--cache-from", a.document("cachefrom").strs())
	buildManner(a, c)
	buildLimits(a, c)
	remote := a.param("remote")
	switch {
	case kit && (remote == "client-session" || remote == ""):
		c.args(".")
		c.note("The files of the folder go to BuildKit in a session of their own, as it asks for them.")
	case remote != "":
		c.args(remote)
		c.note("The daemon was asked to fetch what to build from; the CLI fetches it and sends it.")
	default:
		c.args(".")
		c.note("The last word stands for the folder to build from, which was sent as a tar archive: " + bodyWords(a) + ".")
	}
	a.spend("session", "buildid")
	noteConfig(a, c)
}

// noteConfig tells of credentials that a build may need.
func noteConfig(a *wanted, c *command) {
	if credentials(a.x, "X-Registry-Config") != nil {
		c.note("Credentials for registries were sent: docker takes those that docker login has kept.")
	}
}

// buildManner gives how it is built, and what becomes of it.
func buildManner(a *wanted, c *command) {
	c.on("-q", a.on("q"))
	c.on("--no-cache", a.on("nocache"))
	c.on("--pull", a.on("pull"))
	if a.query.Has("rm") && !a.on("rm") {
		c.say("--rm=false")
	}
	a.spend("rm")
	c.on("--force-rm", a.on("forcerm"))
	c.on("--squash", a.on("squash"))
	if mode := a.param("networkmode"); mode != "default" {
		c.flag("--network", mode)
	}
	for _, host := range a.params("extrahosts") {
		if list := parsedValue([]byte(host)); list != nil {
			c.flags("--add-host", list.pairs(":", false))
			c.flags("--add-host", list.strs())
			continue
		}
		c.flag("--add-host", host)
	}
	c.flags("--security-opt", a.document("securityopt").strs())
	if i := a.param("isolation"); i != "default" {
		c.flag("--isolation", i)
	}
	for _, o := range a.document("outputs").elements() {
		var parts []string
		if kind := o.str("Type"); kind != "" {
			parts = append(parts, "type="+kind)
		}
		c.set("-o", csvWord(append(parts, o.pairs("=", false, "Attrs")...)))
	}
}

// buildLimits gives what the build may use up.
func buildLimits(a *wanted, c *command) {
	for _, m := range []struct{ flag, name string }{{"--memory", "memory"}, {"--memory-swap", "memswap"}, {"--shm-size", "shmsize"}} {
		if n := a.param(m.name); n != "0" && n != "" {
			c.flag(m.flag, sizeWord(n))
		}
	}
	for _, f := range []struct{ flag, name string }{
		{"--cpu-shares", "cpushares"}, {"--cpu-period", "cpuperiod"}, {"--cpu-quota", "cpuquota"},
	} {
		if v := a.param(f.name); v != "0" {
			c.flag(f.flag, v)
		}
	}
	c.flag("--cpuset-cpus", a.param("cpusetcpus"))
	c.flag("--cpuset-mems", a.param("cpusetmems"))
	c.flag("--cgroup-parent", a.param("cgroupparent"))
	for _, u := range a.document("ulimits").elements() {
		c.set("--ulimit", ulimitWord(u))
	}
}
