package explain

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// Find returns the operations that words are about. It is one if they are its name, in any
// case, or its method and path, be it that of a real request; those that a command asks
// for, if they are that command; else all in which each word is found: in the name, the path, the
// sentence, or the commands.
func Find(words ...string) []*Entry {
	text := strings.ToLower(strings.Join(words, " "))
	if e := exactly(text, words); e != nil {
		return []*Entry{e}
	}
	if all := those(func(e *Entry) bool { return asks(e, text) }); len(all) > 0 {
		return all
	}
	return those(func(e *Entry) bool { return e.has(words) })
}

// exactly returns the operation whose name words are, or its request; nil if there is none.
func exactly(text string, words []string) *Entry {
	if e := Of(text); e != nil {
		return e
	}
	for _, e := range texts().entries {
		for _, r := range e.Requests {
			if strings.EqualFold(text, r.Method+" "+r.Path) || e.IsGRPC() && strings.EqualFold(text, r.Path) {
				return e
			}
			if e.IsGRPC() && strings.EqualFold(text, r.Path[1:]) {
				return e
			}
		}
	}
	if len(words) == 2 && strings.HasPrefix(words[1], "/") {
		if call, ok := dockerapi.Match(strings.ToUpper(words[0]), words[1]); ok && !call.IsGRPC() {
			return Of(call.Name())
		}
	}
	return nil
}

// asks reports whether a command asks for e.
func asks(e *Entry, command string) bool {
	for _, c := range e.Commands {
		if c == command {
			return true
		}
	}
	return false
}

// those returns the operations that are some.
func those(are func(*Entry) bool) (all []*Entry) {
	for _, e := range texts().entries {
		if are(e) {
			all = append(all, e)
		}
	}
	return all
}

// has reports whether each word is somewhere in what stands for e in a list.
func (e *Entry) has(words []string) bool {
	text := e.Name + "\n" + e.Short + "\n" + strings.Join(e.Commands, "\n") + "\n" + strings.Join(e.Python, "\n")
	for _, r := range e.Requests {
		text += "\n" + r.Method + " " + r.Path
	}
	text = strings.ToLower(text)
	for _, word := range words {
		if !strings.Contains(text, strings.ToLower(word)) {
			return false
		}
	}
	return true
}
