package equivalent

import "strings"

// dockerContainers are the commands of operations on containers that are there.
var dockerContainers = dockerTable{
	"ContainerList":            dockerPs,
	"ContainerInspect":         dockerContainerInspect,
	"ContainerTop":             dockerTop,
	"ContainerLogs":            dockerLogs,
	"ContainerChanges":         ofName("diff"),
	"ContainerExport":          dockerExport,
	"ContainerStats":           dockerStats,
	"ContainerResize":          dockerResize,
	"ContainerStart":           dockerStart,
	"ContainerStop":            dockerStop("stop"),
	"ContainerRestart":         dockerStop("restart"),
	"ContainerKill":            dockerKill,
	"ContainerUpdate":          dockerUpdate,
	"ContainerRename":          dockerRename,
	"ContainerPause":           ofName("pause"),
	"ContainerUnpause":         ofName("unpause"),
	"ContainerAttach":          dockerAttach,
	"ContainerAttachWebsocket": without("The CLI never attaches by WebSocket: docker attach shows the same."),
	"ContainerWait":            dockerWait,
	"ContainerDelete":          dockerRm,
	"ContainerArchiveInfo":     without("No docker command asks for this alone: docker cp does before it copies, to see what is there."),
	"ContainerArchive":         dockerCpOut,
	"PutContainerArchive":      dockerCpIn,
	"ContainerPrune":           pruned("container", "prune"),
	"ContainerCreate":          dockerCreate,
	"ContainerExec":            dockerExec,
	"ExecStart":                dockerExecStart,
	"ExecResize":               dockerResize,
	"ExecInspect":              without("No docker command asks for this alone: docker exec does at its end, for the exit status."),
	"CheckpointList":           dockerCheckpoints,
	"CheckpointCreate":         dockerCheckpoint,
	"CheckpointDelete":         dockerCheckpointRm,
	"ContainerCopy":            without("This was docker cp before engine 1.8: docker cp sends GET …/archive since then."),
}

func dockerPs(a *wanted, c *command) {
	c.say("ps")
	c.on("-a", a.on("all"))
	if n := a.param("limit"); n != "-1" && n != "0" {
		c.flag("-n", n)
	}
	c.on("-s", a.on("size"))
	c.flags("-f", a.filters())
	c.flags("-f", prefixed("since=", a.params("since")))
	c.flags("-f", prefixed("before=", a.params("before")))
	a.spend("trunc_cmd")
}

// prefixed returns values behind a prefix, but for empty ones.
func prefixed(prefix string, values []string) []string {
	var all []string
	for _, v := range values {
		if v != "" {
			all = append(all, prefix+v)
		}
	}
	return all
}

func dockerContainerInspect(a *wanted, c *command) {
	c.say("container", "inspect")
	c.on("-s", a.on("size"))
	c.args(a.name)
}

func dockerTop(a *wanted, c *command) {
	c.say("top")
	c.args(a.name)
	c.rest(strings.Fields(a.param("ps_args"))...)
}

func dockerLogs(a *wanted, c *command) {
	c.say("logs")
	c.on("--details", a.on("details"))
	dockerLogFlags(a, c)
	c.args(a.name)
}

// dockerLogFlags gives what is wanted of a log.
func dockerLogFlags(a *wanted, c *command) {
	c.on("-f", a.on("follow"))
	c.on("-t", a.on("timestamps"))
	if n := a.param("tail"); n != "all" {
		c.flag("--tail", n)
	}
	for _, name := range []string{"since", "until"} {
		if v := a.param(name); v != "0" {
			c.flag("--"+name, v)
		}
	}
	switch out, err := a.on("stdout"), a.on("stderr"); {
	case out && !err:
		c.after = " 2>/dev/null"
		c.note("Only stdout was asked for; docker logs asks for both.")
	case err && !out:
		c.after = " >/dev/null"
		c.note("Only stderr was asked for; docker logs asks for both.")
	}
}

func dockerExport(a *wanted, c *command) {
	c.say("export -o container.tar")
	c.args(a.name)
}

func dockerStats(a *wanted, c *command) {
	c.say("stats")
	if a.query.Has("stream") && !a.on("stream") {
		c.say("--no-stream")
	}
	a.spend("stream")
	c.args(a.name)
}

func dockerResize(a *wanted, c *command) {
	c.none("No docker command asks for this: one that shows a terminal does, when that becomes " + either(a.param("w"), "?") + " columns by " + either(a.param("h"), "?") + " lines.")
}

// either returns v, and otherwise what stands in its place where it is empty.
func either(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}

func dockerStart(a *wanted, c *command) {
	c.say("start")
	c.attaches(a.name)
	c.flag("--checkpoint", a.param("checkpoint"))
	c.flag("--checkpoint-dir", a.param("checkpoint-dir"))
	c.flag("--detach-keys", a.param("detachKeys"))
	c.args(a.name)
}

func dockerStop(word string) dockerForm {
	return func(a *wanted, c *command) {
		c.say(word)
		c.flag("-s", a.param("signal"))
		c.flag("-t", a.param("t"))
		c.args(a.name)
	}
}

func dockerKill(a *wanted, c *command) {
	c.say("kill")
	c.flag("-s", a.param("signal"))
	c.args(a.name)
}

func dockerRename(a *wanted, c *command) {
	c.say("rename")
	c.args(a.name, a.param("name"))
}

func dockerAttach(a *wanted, c *command) {
	if c.startsWithin(a) {
		return
	}
	c.say("attach")
	c.on("--no-stdin", !a.on("stdin"))
	c.flag("--detach-keys", a.param("detachKeys"))
	c.args(a.name)
	a.spend("stream", "stdout", "stderr")
	if a.on("logs") {
		c.note("What the container has printed before was asked for too: docker logs shows it.")
	}
	c.note("docker run attaches in the same way, before it starts the container.")
}

func dockerWait(a *wanted, c *command) {
	condition := a.param("condition")
	if started, _ := c.startOf(a); started && condition != "" && condition != "not-running" {
		c.none("docker run asks for the exit status before it starts the container, so that it misses no end: docker start -a ends with it, and docker wait waits for it once the container runs.")
		return
	}
	c.say("wait")
	c.args(a.name)
	switch condition {
	case "", "not-running":
	default:
		c.note("docker wait waits until the container does not run; docker run waits with condition=" + condition + ", as was asked here.")
	}
}

func dockerRm(a *wanted, c *command) {
	c.say("rm")
	c.on("-f", a.on("force"))
	c.on("-v", a.on("v"))
	c.on("--link", a.on("link"))
	c.args(a.name)
}

func dockerCpOut(a *wanted, c *command) {
	c.say("cp")
	c.args(a.name+":"+a.param("path"), "-")
	c.after = " > answer.tar"
}

func dockerCpIn(a *wanted, c *command) {
	c.say("cp")
	c.on("-a", a.on("copyUIDGID"))
	c.args("-", a.name+":"+a.param("path"))
	c.after = " < archive.tar"
	a.spend("noOverwriteDirNonDir") // which the CLI always sends
	if s := sentBy(a.x); s.there {
		c.note("Put into archive.tar a tar archive: " + bodyWords(a) + ".")
	}
}

func dockerExec(a *wanted, c *command) {
	c.say("exec")
	b := a.body
	stdin, stdout, stderr := b.truth("AttachStdin"), b.truth("AttachStdout"), b.truth("AttachStderr")
	detached := b.truth("Detach") || !stdin && !stdout && !stderr
	c.on("-d", detached)
	c.on("-i", stdin)
	c.on("-t", b.truth("Tty"))
	c.on("--privileged", b.truth("Privileged"))
	c.flag("--detach-keys", b.str("DetachKeys"))
	c.flag("-u", b.str("User"))
	c.flag("-w", b.str("WorkingDir"))
	c.flags("-e", b.strs("Env"))
	b.use("ConsoleSize")
	c.args(a.name)
	c.rest(b.strs("Cmd")...)
	if !detached && stdout != stderr {
		c.note("Only one of stdout and stderr was asked for; docker exec asks for both.")
	}
}

func dockerExecStart(a *wanted, c *command) {
	of := ""
	if name := either(a.x.Subject.Container, a.x.Subject.Name); name != "" {
		of = " in " + name
	}
	a.body.use()
	c.none("docker exec asks for this right after it has made the exec instance" + of + ": its command stands there.")
}

func dockerCheckpoints(a *wanted, c *command) {
	c.say("checkpoint ls")
	c.flag("--checkpoint-dir", a.param("dir"))
	c.args(a.name)
}

func dockerCheckpoint(a *wanted, c *command) {
	c.say("checkpoint create")
	c.flag("--checkpoint-dir", a.body.str("CheckpointDir"))
	if exit := a.body.get("Exit"); exit != nil && !a.body.truth("Exit") {
		c.say("--leave-running")
	}
	c.args(a.name, a.body.str("CheckpointID"))
}

func dockerCheckpointRm(a *wanted, c *command) {
	c.say("checkpoint rm")
	c.flag("--checkpoint-dir", a.param("dir"))
	c.args(a.name, a.last())
}
