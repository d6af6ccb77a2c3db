package main

import (
	"path/filepath"
	"slices"
	"strings"
)

// unwrap takes a command apart that starts another: what stands before that, which
// variables it sets for it, and the command itself. Of a wrapper with flags that are
// not known nothing is.
func unwrap(args []string) (before, set, command []string) {
	for command = args; len(command) > 0; {
		var n int
		var vars []string
		switch filepath.Base(command[0]) {
		case "env":
			n, vars = unwrapEnv(command)
		case "sudo":
			n, vars = unwrapSudo(command)
		case "nohup", "setsid", "time":
			n = 1
			if len(command) > 1 && strings.HasPrefix(command[1], "-") {
				n = 0
			}
		default:
			return before, set, command
		}
		if n == 0 {
			return nil, nil, nil
		}
		kept := slices.DeleteFunc(slices.Clone(command[:n]), func(a string) bool { return namesDaemon(a) && slices.Contains(vars, a) })
		if len(kept) == 1 && filepath.Base(kept[0]) == "env" {
			kept = nil // nothing is left for env to do
		}
		before, set, command = append(before, kept...), append(set, vars...), command[n:]
	}
	return nil, nil, nil
}

// unwrapEnv returns how many words belong to env, and which variables it sets.
func unwrapEnv(args []string) (n int, set []string) {
	for n = 1; n < len(args); n++ {
		switch a := args[n]; {
		case strings.HasPrefix(a, "-"):
			return 0, nil // it may take away what we set
		case assignment(a):
			set = append(set, a)
		default:
			return n, set
		}
	}
	return 0, nil
}

// unwrapSudo is the same of sudo.
func unwrapSudo(args []string) (n int, set []string) {
	for n = 1; n < len(args); n++ {
		switch a := args[n]; {
		case a == "-E", a == "-n", a == "-H", a == "-i", a == "-S":
		case a == "-u", a == "-g":
			n++
		case strings.HasPrefix(a, "-"):
			return 0, nil
		case assignment(a):
			set = append(set, a)
		default:
			return n, set
		}
	}
	return 0, nil
}

// assignment reports whether a word sets a variable.
func assignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// namesDaemon reports whether a word sets one of the variables that name docker's daemon.
func namesDaemon(word string) bool {
	return strings.HasPrefix(word, "DOCKER_HOST=") || strings.HasPrefix(word, "DOCKER_CONTEXT=")
}
