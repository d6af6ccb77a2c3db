package equivalent

import "strings"

// dockerCreate gives ContainerCreate, flag by flag.
func dockerCreate(a *wanted, c *command) {
	c.say("create")
	b, h := a.body, a.body.get("HostConfig")
	c.flag("--name", a.param("name"))
	c.flag("--platform", a.param("platform"))
	createTerminal(b, h, c)
	createProcess(b, h, c)
	createFiles(b, h, c)
	createNetwork(b, h, c)
	createHealth(b, c)
	createRules(h, c)
	createNamespaces(h, c)
	createResources(h, c)
	command := b.strs("Cmd")
	switch entry := b.strs("Entrypoint"); {
	case len(entry) == 1 && entry[0] == "":
		c.say("--entrypoint ''")
	case len(entry) > 0:
		c.flag("--entrypoint", entry[0])
		command = append(entry[1:], command...)
		if len(entry) > 1 {
			c.note("--entrypoint takes one word: the others of the Entrypoint that was sent stand before the command, which runs the same.")
		}
	}
	c.args(b.str("Image"))
	c.rest(command...)
	if b.get("AttachStdout").isEmpty() && b.get("AttachStderr").isEmpty() && b.get("AttachStdin").isEmpty() {
		c.note("Nothing is attached: docker run -d asks for the same, before it starts the container.")
		return
	}
	c.note("docker run asks for this first, then attaches to the container, waits for it and starts it.")
}

// createTerminal gives what is attached to the container's process.
func createTerminal(b, h *value, c *command) {
	c.on("-i", b.truth("OpenStdin"))
	c.on("-t", b.truth("Tty"))
	h.use("ConsoleSize")
	stdin, stdout, stderr := b.truth("AttachStdin"), b.truth("AttachStdout"), b.truth("AttachStderr")
	if once := b.get("StdinOnce"); once != nil && (once.kind == 't') == (stdin && b.truth("OpenStdin")) {
		once.use()
	}
	switch {
	case stdout && stderr: // as the CLI sends it, unless it is asked for others
	case !stdin && !stdout && !stderr: // which makes no difference to the daemon here
	default:
		for _, s := range []struct {
			name     string
			attached bool
		}{{"stdin", stdin}, {"stdout", stdout}, {"stderr", stderr}} {
			c.on("-a "+s.name, s.attached)
		}
	}
	c.on("--rm", h.truth("AutoRemove"))
	c.flag("--cidfile", h.str("ContainerIDFile"))
}

// createProcess gives what runs, and as whom.
func createProcess(b, h *value, c *command) {
	c.flag("--hostname", b.str("Hostname"))
	c.flag("--domainname", b.str("Domainname"))
	c.flag("--user", b.str("User"))
	c.flag("--workdir", b.str("WorkingDir"))
	c.flags("-e", b.strs("Env"))
	c.flags("--label", b.pairs("=", true, "Labels"))
	c.flags("--annotation", h.pairs("=", false, "Annotations"))
	c.flags("--group-add", h.strs("GroupAdd"))
	if in := h.get("Init"); in != nil {
		if h.truth("Init") {
			c.say("--init")
		} else {
			c.say("--init=false")
		}
	}
	c.flag("--stop-signal", b.str("StopSignal"))
	c.flag("--stop-timeout", b.str("StopTimeout"))
	if restart := restartWord(h.get("RestartPolicy")); restart != "no" {
		c.flag("--restart", restart)
	}
	c.flag("--log-driver", h.str("LogConfig", "Type"))
	c.flags("--log-opt", h.pairs("=", false, "LogConfig", "Config"))
	c.flag("--runtime", h.str("Runtime"))
}

// createFiles gives what of the file system is whose.
func createFiles(b, h *value, c *command) {
	c.flags("-v", h.strs("Binds"))
	c.flags("-v", unnamedVolumes(b))
	c.flag("--volume-driver", h.str("VolumeDriver"))
	c.flags("--volumes-from", h.strs("VolumesFrom"))
	for _, m := range h.elements("Mounts") {
		c.set("--mount", mountWord(m))
	}
	c.flags("--tmpfs", h.pairs(":", true, "Tmpfs"))
	c.on("--read-only", h.truth("ReadonlyRootfs"))
	c.flags("--storage-opt", h.pairs("=", false, "StorageOpt"))
	if n := h.number("ShmSize"); n != "" {
		c.flag("--shm-size", sizeWord(n))
	}
	for _, d := range h.elements("Devices") {
		c.set("--device", deviceWord(d))
	}
	c.flags("--device-cgroup-rule", h.strs("DeviceCgroupRules"))
	for _, r := range h.elements("DeviceRequests") {
		createGPUs(r, c)
	}
}

// deviceWord returns a device as --device has it.
func deviceWord(d *value) string {
	host, inside, may := d.str("PathOnHost"), d.str("PathInContainer"), d.str("CgroupPermissions")
	word := host
	if inside != host && inside != "" {
		word += ":" + inside
	}
	if may != "rwm" && may != "" {
		word += ":" + may
	}
	return word
}

// createGPUs gives a request for devices that drivers know: --gpus, or those that the
// container device interface names.
func createGPUs(r *value, c *command) {
	driver, count := r.str("Driver"), r.number("Count")
	ids := r.strs("DeviceIDs")
	if driver == "cdi" {
		c.flags("--device", ids)
		return
	}
	var can []string
	for _, all := range r.elements("Capabilities") {
		all.use()
		for _, one := range all.strs() {
			if one != "gpu" { // which --gpus always asks for
				can = append(can, one)
			}
		}
	}
	options := r.pairs("=", false, "Options")
	if count == "-1" {
		count = "all"
	}
	if driver == "" && len(ids)+len(can)+len(options) == 0 {
		c.set("--gpus", count)
		return
	}
	var parts []string
	add := func(name, v string) {
		if v != "" {
			parts = append(parts, name+"="+v)
		}
	}
	add("driver", driver)
	add("count", count)
	add("device", strings.Join(ids, ","))
	add("capabilities", strings.Join(can, ","))
	add("options", csvWord(options))
	c.set("--gpus", csvWord(parts))
}

// createHealth gives how the container is checked.
func createHealth(b *value, c *command) {
	h := b.get("Healthcheck")
	switch test := h.strs("Test"); {
	case len(test) == 1 && test[0] == "NONE":
		c.say("--no-healthcheck")
	case len(test) == 2 && test[0] == "CMD-SHELL":
		c.set("--health-cmd", test[1])
	case len(test) > 1 && test[0] == "CMD":
		words := make([]string, len(test)-1)
		for i, w := range test[1:] {
			words[i] = shellWord(w)
		}
		c.set("--health-cmd", strings.Join(words, " "))
		c.note("--health-cmd runs a shell; what was sent runs the command without one.")
	}
	for _, d := range []struct{ flag, field string }{
		{"--health-interval", "Interval"}, {"--health-timeout", "Timeout"},
		{"--health-start-period", "StartPeriod"}, {"--health-start-interval", "StartInterval"},
	} {
		if n := h.number(d.field); n != "" {
			c.flag(d.flag, durationWord(n))
		}
	}
	c.flag("--health-retries", h.number("Retries"))
}

// createRules gives what the container may do.
func createRules(h *value, c *command) {
	c.on("--privileged", h.truth("Privileged"))
	c.flags("--cap-add", capabilities(h.strs("CapAdd")))
	c.flags("--cap-drop", capabilities(h.strs("CapDrop")))
	for _, o := range h.strs("SecurityOpt") {
		if profile, is := strings.CutPrefix(o, "seccomp="); is && strings.HasPrefix(profile, "{") {
			c.say("--security-opt seccomp=profile.json")
			c.note("The CLI reads profile.json and sends what is in it: put the profile there that stands in SecurityOpt.")
			continue
		}
		c.set("--security-opt", o)
	}
	masked, readonly := h.get("MaskedPaths"), h.get("ReadonlyPaths")
	if masked != nil && readonly != nil && len(masked.of)+len(readonly.of) == 0 {
		c.say("--security-opt systempaths=unconfined")
	}
	c.flags("--sysctl", h.pairs("=", false, "Sysctls"))
	for _, u := range h.elements("Ulimits") {
		c.set("--ulimit", ulimitWord(u))
	}
}

// capabilities returns them as people write them: the CLI puts "CAP_" before them.
func capabilities(all []string) []string {
	for i := range all {
		all[i] = strings.TrimPrefix(all[i], "CAP_")
	}
	return all
}

// ulimitWord returns a limit as --ulimit has it.
func ulimitWord(u *value) string {
	soft, hard := u.str("Soft"), u.str("Hard")
	if soft == "" {
		soft = "0"
	}
	word := u.str("Name") + "=" + soft
	if hard != soft && hard != "" {
		word += ":" + hard
	}
	return word
}

// createNamespaces gives what the container shares with others.
func createNamespaces(h *value, c *command) {
	for _, n := range []struct{ flag, field string }{
		{"--pid", "PidMode"}, {"--ipc", "IpcMode"}, {"--uts", "UTSMode"}, {"--userns", "UsernsMode"},
		{"--cgroupns", "CgroupnsMode"}, {"--cgroup-parent", "CgroupParent"}, {"--isolation", "Isolation"},
	} {
		c.flag(n.flag, h.str(n.field))
	}
}
