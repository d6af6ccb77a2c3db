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
	flagged, script := l.flag, l.script
	if ended {
		l.flag, l.script = false, isShellFlag(s)
	}
	called, value, ok := bytes.Cut(s, []byte("="))
	if called = bytes.TrimLeft(called, "-"); name.Chars.Run(called) < len(called) {
		called, ok = nil, false
	}
	switch isFlag := s[0] == '-'; {
	case flagged && !isFlag:
		return secretString(p, r, found, s, ended)
	case ok && !script && r.Given.IsSecret(called):
		return found.Either(r.Marks, s, len(s)-len(value), len(s), ended, name.Join("", called)), true
	case isFlag && !ok && ended:
		l.flag = r.Given.IsSecretFlag(called)
	}
	return textString(p, r, found, s, ended)
}

// isShellFlag says whether the word behind s is a script: "-c" or "-ec" is
// before it, or what Docker calls a health check in a shell.
func isShellFlag(s []byte) bool {
	return len(s) > 1 && len(s) < 5 && s[0] == '-' && s[1] != '-' && s[len(s)-1] == 'c' || string(s) == "CMD-SHELL"
}
