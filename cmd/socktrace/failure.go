package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/render"
)

// Exit codes. Those of run are its child's, or 125 to 127 as env and docker run
// have them.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitRun    = 125 // run itself failed
	exitNoExec = 126 // its command cannot be run
	exitNoFile = 127 // its command was not found
)

// failure is an error with an exit code and, maybe, a hint what to do.
type failure struct {
	code int
	err  error // nil: everything was said already
	hint string
	exit exit // of the command of run
}

func (f *failure) Error() string { return fmt.Sprint(f.err) }

func (f *failure) Unwrap() error { return f.err }

// exit is how a command ended.
type exit struct {
	code   int       // as a shell reports it
	signal os.Signal // nil if it ended by itself
}

// complain prints a message of the tool itself, on one line. What is in it of
// others, such as the names of files and commands, is escaped as traffic is.
func complain(w io.Writer, err error) {
	text := fmt.Sprintf("socktrace: %s\n", render.Escaped(err.Error()))
	if h, ok := err.(hinted); ok && h.hint != "" { // nothing comes between the two
		text += fmt.Sprintf("socktrace: hint: %s\n", render.Escaped(h.hint))
	}
	_, _ = io.WriteString(w, text)
}

// hinted is a message with, maybe, a hint what to do, on a line of its own.
type hinted struct {
	error
	hint string
}

// Unwrap returns the message alone.
func (h hinted) Unwrap() error { return h.error }

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &failure{code: exitUsage, err: fmt.Errorf("%s: unexpected argument %q", cmd.Name(), args[0]), hint: "see " + cmd.CommandPath() + " --help"}
}
