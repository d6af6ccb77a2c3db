package equivalent

import "strings"

// docker run and docker start -a attach to a container, wait for its end, and start it then, with
// requests that go on beside each other. docker attach and docker wait do not take a container that is
// not started, so that docker start -a stands for all three.

// startOf says whether the container was started while a goes on, and whether more was asked for
// then, beside what is part of that.
func (c *command) startOf(a *wanted) (started, lasts bool) {
	if c.during == nil {
		return false, false
	}
	for r := range c.during {
		switch call := &r.Call; {
		case !started:
			started = call.Operation == "ContainerStart" && isSame(call.Subject, a.name)
		case call.Operation == "ContainerWait" || call.Operation == "ContainerResize" || call.Operation == "ContainerAttach":
		default:
			return true, true
		}
	}
	return started, false
}

// isSame says whether two words name one container, of which one may be the beginning of its id.
func isSame(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= beginning && strings.HasPrefix(b, a)
}

// startsWithin leaves an attachment to the command that starts the container; false if none does.
func (c *command) startsWithin(a *wanted) bool {
	started, lasts := c.startOf(a)
	n := c.secrets.made
	if !started || n == nil || a.x.Upgrade == nil && (a.x.Response == nil || a.x.Response.Status >= 300) {
		return false
	}
	if n.starts == nil || len(n.starts) >= maxThings {
		n.starts = make(map[string]attachment)
	}
	n.starts[a.name] = attachment{stdin: a.on("stdin"), detachKeys: a.param("detachKeys"), lasts: lasts}
	a.spend("stream", "stdout", "stderr", "logs")
	c.none("docker attach wants a container that runs: docker start -a attaches to it first, as here, and starts it then.")
	return true
}

// attaches gives what the container was attached to for, before its start.
func (c *command) attaches(name string) {
	n := c.secrets.made
	if n == nil {
		return
	}
	for id, at := range n.starts {
		if !isSame(id, name) {
			continue
		}
		delete(n.starts, id)
		c.say("-a")
		c.on("-i", at.stdin)
		c.flag("--detach-keys", at.detachKeys)
		c.call.Aside = at.lasts
		return
	}
}
