package jsonmask

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// wordString takes a word of a command line. If it begins with a variable, all
// of it is its value, but in a script, which is text.
func wordString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	l := p.top()
	command, script := l.command, l.script
	at, m := command.Next(r.Given, s)
	if ended {
		l.command, l.script = command, isShellFlag(s)
	}
	if m != 0 && (!script || bytes.HasPrefix(s, []byte("-"))) { // no script begins so
		return called(r, m, found, s, at, ended, "")
	}
	variable, value, ok := bytes.Cut(s, []byte("="))
	if variable = bytes.TrimLeft(variable, "-"); ok && !script && name.Chars.Run(variable) == len(variable) {
		if m := r.Given.Of(variable); m != 0 {
			return called(r, m, found, s, len(s)-len(value), ended, name.Join("", variable))
		}
	}
	return textString(p, r, found, s, ended)
}

// isShellFlag says whether the word behind s is a script: "-c" or "-ec" is
// before it, or what Docker calls a health check in a shell.
func isShellFlag(s []byte) bool {
	return len(s) > 1 && len(s) < 5 && s[0] == '-' && s[1] != '-' && s[len(s)-1] == 'c' || string(s) == "CMD-SHELL"
}
