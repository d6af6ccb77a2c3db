// Package manpage writes manual pages, in the language of man(7).
package manpage

import (
	"bytes"
	"fmt"
	"strings"
)

// Page is a manual page of a program or one of its commands.
type Page struct {
	Name     string // such as socktrace-run
	Short    string // one line
	Synopsis string // how it is called
	Long     string // paragraphs, with empty lines between
	Commands []Entry
	Options  []Section
	Examples string // lines, as they are typed
	Status   []Entry
	See      []string // names of other pages
}

// Section is a part of the options.
type Section struct {
	Title   string
	Options []Entry
}

// Entry is a term and what it means.
type Entry struct{ Term, Text string }

// Format returns the page. It has no date: it is part of a version, and says so.
func (p Page) Format() []byte {
	var b bytes.Buffer
	b.WriteString(".\\\" Written by make docs.\n")
	fmt.Fprintf(&b, ".TH %s 1 \"\" socktrace \"User Commands\"\n", strings.ToUpper(escaped(p.Name)))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", escaped(p.Name), text(p.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", text(p.Synopsis))
	b.WriteString(".SH DESCRIPTION\n")
	paragraphs(&b, p.Long)
	entries(&b, ".SH COMMANDS\n", p.Commands)
	if len(p.Options) > 0 {
		b.WriteString(".SH OPTIONS\n")
	}
	for _, s := range p.Options {
		entries(&b, ".SS "+text(s.Title)+"\n", s.Options)
	}
	if p.Examples != "" {
		b.WriteString(".SH EXAMPLES\n.nf\n")
		for line := range strings.Lines(p.Examples) {
			b.WriteString(text(strings.TrimRight(strings.TrimPrefix(line, "  "), "\n")) + "\n")
		}
		b.WriteString(".fi\n")
	}
	entries(&b, ".SH \"EXIT STATUS\"\n", p.Status)
	if len(p.See) > 0 {
		b.WriteString(".SH \"SEE ALSO\"\n")
		for i, name := range p.See {
			fmt.Fprintf(&b, ".BR %s (1)%s\n", escaped(name), map[bool]string{true: ",", false: ""}[i < len(p.See)-1])
		}
	}
	return b.Bytes()
}

// entries writes a list behind its heading, if there is one.
func entries(b *bytes.Buffer, heading string, all []Entry) {
	if len(all) == 0 {
		return
	}
	b.WriteString(heading)
	for _, e := range all {
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", text(e.Term), text(e.Text))
	}
}

// paragraphs writes long text.
func paragraphs(b *bytes.Buffer, long string) {
	for i, p := range strings.Split(strings.TrimSpace(long), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		for line := range strings.Lines(p) {
			b.WriteString(text(strings.TrimSpace(line)) + "\n")
		}
	}
}

// text returns a line that is shown as it is: one that begins with a dot or a quote
// would be a request.
func text(s string) string {
	s = escaped(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") || s == "" {
		return `\&` + s
	}
	return s
}

// escaped returns s with what means something to roff escaped. Dashes stay those
// that are typed.
var escape = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\"", `\(dq`, "…", "...", "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "'", `\(aq`)

func escaped(s string) string { return escape.Replace(s) }
