package main

import (
	"slices"
	"strings"
)

// scriptIn returns which argument of a shell is a script; 0 if none is.
func scriptIn(program string, args []string) int {
	if !slices.Contains([]string{"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"}, program) {
		return 0
	}
	for i := 1; i+1 < len(args); i++ {
		flags, ok := strings.CutPrefix(args[i], "-")
		switch {
		case i == 1 && program == "busybox" && args[i] == "sh":
		case !ok || strings.HasPrefix(flags, "-"):
			return 0
		case strings.HasSuffix(flags, "c") && strings.Trim(flags, "aceflmuvx") == "":
			return i + 1
		}
	}
	return 0
}

// scriptPast looks for a docker command in a script that names its daemon. It reads
// plain words only: of what is expanded, or nested, nothing is said.
func scriptPast(script string) past {
	for _, words := range simpleCommands(script) {
		n := slices.IndexFunc(words, func(w string) bool { return !assignment(w) })
		if n < 0 {
			n = len(words)
		}
		for _, v := range words[:n] {
			if !namesDaemon(v) || n == len(words) {
				continue // of a variable that is not exported nobody hears
			}
			if what, flags := setPast(v); what != "" {
				return past{what, outOfScript(flags)}
			}
		}
		if n == len(words) || !isDocker(words[n]) {
			continue
		}
		if p := dockerPast(nil, words[n:], false); p.what != "" {
			d, _ := parseDockerArgs(words[n:])
			return past{p.what, outOfScript(d.ours())}
		}
	}
	return past{}
}

// outOfScript is what works instead of what a script says of the daemon.
func outOfScript(flags string) string {
	return "leave it out of the script, and say socktrace run " + flags + " -- …"
}

// simpleCommands returns the words of the simple commands of a script: of each those before
// the first that the shell expands, or that is not plain. Where quotes may be within
// quotes it ends.
func simpleCommands(script string) [][]string {
	if strings.Contains(script, "<<") {
		return nil // what looks like a command in a document is none
	}
	r := scriptReader{rest: script}
	for r.step() {
	}
	r.endCommand()
	return r.all
}

// scriptReader reads a script, byte by byte.
type scriptReader struct {
	rest  string
	all   [][]string
	words []string // of the command
	word  []byte
	begun bool // the word is, be it empty
	odd   bool // something in the command was not plain: its further words do not count
}

func (r *scriptReader) endWord() {
	if r.begun && !r.odd {
		r.words = append(r.words, string(r.word))
	}
	r.word, r.begun = r.word[:0], false
	if len(r.words) == 1 && slices.Contains(leads, r.words[0]) {
		r.words = nil
	}
}

func (r *scriptReader) endCommand() {
	r.endWord()
	if len(r.words) > 0 {
		r.all = append(r.all, r.words)
	}
	r.words, r.odd = nil, false
}

// step reads a byte, or what is between quotes; false at the end.
func (r *scriptReader) step() bool {
	if r.rest == "" {
		return false
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	switch {
	case c == ' ' || c == '\t':
		r.endWord()
	case strings.IndexByte("\n;&|()`", c) >= 0:
		r.endCommand()
	case c == '#' && !r.begun:
		_, after, _ := strings.Cut(r.rest, "\n")
		r.endCommand()
		r.rest = after
	case c == '\'' || c == '"':
		text, after, ok := strings.Cut(r.rest, string(c))
		if !ok || c == '"' && strings.ContainsAny(text, "`\\(") {
			r.odd = true
			return false
		}
		r.odd = r.odd || c == '"' && strings.Contains(text, "$")
		r.word, r.begun, r.rest = append(r.word, text...), true, after
	case c == '\\':
		r.odd, r.begun = true, true
		r.rest = r.rest[min(1, len(r.rest)):]
	case strings.IndexByte("$<>*?[{}~!", c) >= 0:
		r.odd, r.begun = true, true
	default:
		r.word, r.begun = append(r.word, c), true
	}
	return true
}

// leads are words of the shell before a command.
var leads = []string{"if", "then", "else", "elif", "do", "while", "until", "time", "exec"}
