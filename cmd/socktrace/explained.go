package main

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// explains returns what says in words what exchanges are for; nil if nobody wants to know. A
// lesson says that itself, at the end: it takes the stories of recordings as they are.
func (t *trace) explains(o *options) func(wire.Event, *wire.Exchange) {
	switch {
	case o.lesson.format != "":
		return func(wire.Event, *wire.Exchange) {}
	case !o.explain:
		return nil
	}
	t.teller = explain.NewTeller()
	return t.teller.Explain
}

// runs notes what is started, so that its story, and its span, have that name.
func (t *trace) runs(args []string) {
	if !isDocker(args[0]) {
		return
	}
	if d, ok := parseDockerArgs(args); ok {
		name := "docker " + commandWords(d.command)
		t.recorders.command.Named("docker", name)
		if t.teller != nil {
			t.teller.Runs("docker", name)
		}
	}
}

// groups are commands of docker that have commands.
var groups = []string{"builder", "buildx", "checkpoint", "compose", "config", "container", "context", "image", "manifest", "network", "node",
	"plugin", "secret", "service", "stack", "swarm", "system", "trust", "volume"}

// commandWords returns the words of a docker command that name it.
func commandWords(command []string) string {
	n := 1
	if len(command) > 1 && slices.Contains(groups, command[0]) && !strings.HasPrefix(command[1], "-") {
		n = 2
	}
	return strings.Join(command[:n], " ")
}

// typedCommand notes that a command of the demo begins.
func (t *trace) typedCommand(line string) {
	if t.teller == nil {
		return
	}
	if words := strings.Fields(line); len(words) > 1 && isDocker(words[0]) {
		t.teller.Typed(words[0] + " " + commandWords(words[1:]))
	}
}
