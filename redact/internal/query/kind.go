package query

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// kind says what the value of a parameter is.
type kind uint8

const (
	plain    kind = iota
	secret        // a secret
	pairs         // an object in JSON: names and values
	commands      // a command line, or that of a Dockerfile; a note that may quote one
)

// kindOf classifies a parameter by its name, and returns what that says of a secret;
// session says that the parameter of that name gives access to a client.
func kindOf(given name.Given, called []byte, session bool) (kind, words.Meaning) {
	switch {
	case is(called, "buildargs"), is(called, "labels"):
		return pairs, 0
	case is(called, "changes"), is(called, "command"), is(called, "cmd"), is(called, "comment"), is(called, "message"):
		return commands, 0
	case session && is(called, "session"):
		// Of a client that serves a build.
		return secret, words.Secret | words.Strict
	}
	if m := given.Of(called); m != 0 {
		return secret, m
	}
	return plain, 0
}

// is says whether called is name, which is in lower case.
func is(called []byte, name string) bool {
	return len(called) == len(name) && chars.HasFoldAt(called, 0, name)
}
