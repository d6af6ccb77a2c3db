package main

import (
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// past is what in a command makes it go past us, or elsewhere, for sure. The zero value
// is nothing of the kind.
type past struct {
	what string // such as "docker -H tcp://h:1 goes past socktrace"
	hint string // what works
}

// tell says so before the command runs.
func (p past) tell(w *warner) {
	if p.what == "" {
		return
	}
	w.warn(hinted{errors.New(p.what), p.hint})
}

// goesPast looks at the arguments of a command that is not followed; named says that a
// daemon was named to us.
func goesPast(args []string, named bool) past {
	before, set, args := unwrap(args)
	if len(args) == 0 {
		return past{}
	}
	command := shellWords(append(slices.Clone(before), args...))
	for _, v := range set {
		if what, flags := setPast(v); what != "" {
			return past{what, "leave it out: socktrace run " + flags + " -- " + command}
		}
	}
	program := strings.TrimSuffix(filepath.Base(args[0]), ".exe")
	switch program {
	case "docker":
		return dockerPast(before, args, named)
	case "podman":
		return podmanPast(before, args)
	case "nerdctl":
		return flagPast(before, args, []string{"-a", "--address", "-H", "--host"}, "CONTAINERD_ADDRESS", nil)
	case "docker-compose":
		return flagPast(before, args, []string{"-H", "--host"}, "", nil)
	}
	if program == "curl" {
		return curlPast(args, command)
	}
	if i := scriptIn(program, args); i > 0 {
		return scriptPast(args[i])
	}
	return past{}
}

// goes is how it is said.
func goes(what string) string { return what + " goes past socktrace" }

// setPast is of a variable that is set for a command, "NAME=value": what that makes of it,
// empty if nothing, and our flags that mean the same.
func setPast(v string) (what, flags string) {
	name, value, _ := strings.Cut(v, "=")
	switch {
	case value == "":
	case name == "DOCKER_HOST":
		return goes("what has DOCKER_HOST=" + value), "--upstream " + shellWords([]string{value})
	case name == "DOCKER_CONTEXT":
		return "DOCKER_CONTEXT=" + value + " means nothing beside the DOCKER_HOST of socktrace", "--context " + shellWords([]string{value})
	}
	return "", ""
}

// dockerPast is of a docker command: one that is not followed, since something stands
// before it, or, which named says, another daemon was named to us.
func dockerPast(before, args []string, named bool) past {
	d, ok := parseDockerArgs(args)
	if !ok || len(d.hosts) == 0 && d.context == nil {
		return past{}
	}
	if len(before) > 0 && filepath.Base(before[0]) == "sudo" {
		return past{goes(d.said()), shellWords(before) + " socktrace run -- " + shellWords(args)}
	}
	if len(before) == 0 && named {
		return past{goes(d.said()), "what is named to socktrace counts, without it docker's own is followed: socktrace run -- " + shellWords(args)}
	}
	rest := slices.Concat(before, args[:1], d.others, d.command)
	return past{goes(d.said()), "leave it out: socktrace run " + d.ours() + " -- " + shellWords(rest)}
}

// ours returns the flags of ours that name the daemon.
func (d *dockerArgs) ours() string {
	if d.context != nil {
		return "--context " + shellWords([]string{*d.context})
	}
	return "--upstream " + shellWords(d.hosts)
}

func podmanPast(before, args []string) past {
	if p := flagPast(before, args, []string{"--url", "-H", "--host"}, "CONTAINER_HOST", []string{"--remote"}); p.what != "" {
		return p
	}
	flag, value, _ := leading(args, []string{"-c", "--connection"})
	if flag == "" {
		return past{}
	}
	return past{goes("podman " + flag + " " + value),
		"name its address: socktrace run --upstream ADDR --env CONTAINER_HOST -- podman --remote …; podman system connection list has it"}
}

// curlPast is of curl, which looks at no variable, with a socket.
func curlPast(args []string, command string) past {
	for i, a := range args[1:] {
		flag, path, given := strings.Cut(a, "=")
		if flag != "--unix-socket" && flag != "--abstract-unix-socket" {
			continue
		}
		if !given && i+2 < len(args) {
			path = args[i+2]
		}
		if runtime.GOOS == "linux" {
			return past{goes("curl " + flag + " " + path), "socktrace run --via strace -- " + command}
		}
		return past{goes("curl " + flag + " " + path), "have it use the socket of: socktrace listen --upstream " + shellWords([]string{"unix://" + path})}
	}
	return past{}
}

// flagPast is of a program with flags that name a daemon, which env names to it as well
// if more is said.
func flagPast(before, args, flags []string, env string, more []string) past {
	flag, value, rest := leading(args, flags)
	if flag == "" {
		return past{}
	}
	if env != "" {
		env = " --env " + env
	}
	command := shellWords(slices.Concat(before, args[:1], more, rest))
	return past{goes(filepath.Base(args[0]) + " " + flag + " " + value),
		"leave it out: socktrace run --upstream " + shellWords([]string{value}) + env + " -- " + command}
}

// leading looks for one of some flags as the first argument of a command: which flags
// take a value is not known of all that may stand before it. It returns what is behind
// the flag, too.
func leading(args, flags []string) (flag, value string, rest []string) {
	if len(args) < 2 {
		return "", "", nil
	}
	name, value, given := strings.Cut(args[1], "=")
	switch {
	case !slices.Contains(flags, name):
		return "", "", nil
	case given:
		return name, value, args[2:]
	case len(args) < 3:
		return "", "", nil
	}
	return name, args[2], args[3:]
}
