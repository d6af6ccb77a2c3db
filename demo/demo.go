// Package demo is a daemon and a client that say to each other what a real
// docker CLI and a real dockerd once said: for a look at socktrace on a machine
// without Docker. Both use real sockets and keep the order and the times of the
// recording; what stands between them is not known to either.
package demo

import (
	"bytes"
	_ "embed"

	"github.com/socktrace/socktrace/internal/transcript"
)

// recorded was made by go run ./demo/record.
//
//go:embed session.txt
var recorded []byte

// examples was made by go run ./demo/record examples.
//
//go:embed examples.txt
var examples []byte

// Session is a recorded session.
type Session struct {
	*transcript.Session
	// Commands are what was typed to make a connection, by the first that it made.
	Commands map[*transcript.Conn]string
}

// Recorded returns the session that comes with the program: docker version, ps,
// run, logs -f, events, and an error.
func Recorded() (Session, error) {
	return parse("session.txt", recorded)
}

// Examples returns a session of many commands that are over soon, which nobody plays: it
// has operations that the other does not have.
func Examples() (Session, error) { return parse("examples.txt", examples) }

// parse returns the session in a file of this folder.
func parse(name string, text []byte) (Session, error) {
	s, err := transcript.Parse(name, text)
	if err != nil {
		return Session{}, err
	}
	return Session{s, commands(s, text)}, nil
}

// commandMark begins a line of the session's text with the command that made the
// connections behind it.
const commandMark = "# $ "

// commands returns the commands in the text of s.
func commands(s *transcript.Session, text []byte) map[*transcript.Conn]string {
	all := make(map[*transcript.Conn]string)
	typed, n := "", 0
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if command, ok := bytes.CutPrefix(line, []byte(commandMark)); ok {
			typed = string(command)
		} else if bytes.HasPrefix(line, []byte("conn")) && n < len(s.Conns) {
			if typed != "" {
				all[s.Conns[n]] = typed
			}
			typed, n = "", n+1
		}
	}
	return all
}
