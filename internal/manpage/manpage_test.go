package manpage

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// page has all that there can be.
var page = Page{
	Name: "x-run", Short: "run it - or not", Synopsis: "x run [flags] -- COMMAND",
	Long:     "One line\nand another.\n\n.hidden? \\ 'quoted'\n",
	Commands: []Entry{{"sub", "a command"}},
	Options:  []Section{{"Show", []Entry{{"-f, --format WHAT", `such as "x" (default y)`}}}},
	Examples: "  x run\n  x run 'a'\n\n.x\n",
	Status:   []Entry{{"0", "fine"}},
	See:      []string{"x", "x-read"},
}

// TestFormat writes each part, and nothing of the text becomes a request.
func TestFormat(t *testing.T) {
	want := `.\" Written by make docs.
.TH X\-RUN 1 "" socktrace "User Commands"
.SH NAME
x\-run \- run it \- or not
.SH SYNOPSIS
.B x run [flags] \-\- COMMAND
.SH DESCRIPTION
One line
and another.
.PP
\&.hidden? \e \(aqquoted\(aq
.SH COMMANDS
.TP
.B sub
a command
.SH OPTIONS
.SS Show
.TP
.B \-f, \-\-format WHAT
such as \(dqx\(dq (default y)
.SH EXAMPLES
.nf
x run
x run \(aqa\(aq
\&
\&.x
.fi
.SH "EXIT STATUS"
.TP
.B 0
fine
.SH "SEE ALSO"
.BR x (1),
.BR x\-read (1)
`
	if got := string(page.Format()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(Page{Name: "y", Short: "s", Synopsis: "y", Long: "z"}.Format()); strings.Count(got, ".SH") != 3 {
		t.Errorf("parts that are not there: %s", got)
	}
}

// TestGroff has groff read the page without a warning, and show what was typed.
func TestGroff(t *testing.T) {
	cmd := exec.Command(need.Program(t, "groff"), "-man", "-Tascii", "-ww", "-P-cbou")
	cmd.Stdin = bytes.NewReader(page.Format())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Errorf("%v: %s", err, &errs)
	}
	for _, text := range []string{`.hidden? \ 'quoted'`, `-f, --format WHAT`, `such as "x" (default y)`, "\n       .x\n", "x run 'a'"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("no %q in\n%s", text, &out)
		}
	}
}
