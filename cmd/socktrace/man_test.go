package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socktrace/socktrace/docs"
	"github.com/socktrace/socktrace/internal/manpage"
)

// update is what make golden and make docs say.
var update = flag.Bool("update", false, "write the golden files and manual pages anew")

// manFolder is where they are.
var manFolder = filepath.Join("..", "..", "docs", "man")

// TestManPages compares the manual pages with what the commands say.
func TestManPages(t *testing.T) {
	if *update {
		if err := os.RemoveAll(manFolder); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(manFolder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for _, p := range manPages(t) {
		file := filepath.Join(manFolder, p.Name+".1")
		names = append(names, file)
		want := p.Format()
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is not what the command says: make docs (%v)", file, err)
		}
	}
	there, err := filepath.Glob(filepath.Join(manFolder, "*"))
	slices.Sort(names)
	if err != nil || !slices.Equal(there, names) {
		t.Errorf("%s has %q, %v; want %q: make docs", manFolder, there, err, names)
	}
}

// manPages returns a page for the program and for each command, but for those that
// many programs have.
func manPages(t *testing.T) []manpage.Page {
	t.Helper()
	root := newRoot(processStd())
	root.InitDefaultHelpFlag()
	status := []manpage.Entry{
		{Term: "0", Text: "all went well, or it was interrupted"},
		{Term: "1", Text: "it failed, or something could not be read or written"},
		{Term: "2", Text: "it was called in a wrong way"},
	}
	main := manPage(root)
	main.Status = append(slices.Clone(status), manpage.Entry{Term: "other", Text: "that of the command of run, or 125 to 127: see there"})
	pages, err := docs.Pages()
	if err != nil {
		t.Fatal(err)
	}
	var all []manpage.Page
	for _, cmd := range root.Commands() {
		main.Commands = append(main.Commands, manpage.Entry{Term: cmd.UseLine()[len("socktrace "):], Text: cmd.Short})
		cmd.InitDefaultHelpFlag()
		if slices.Contains([]string{"completion", "help", "version"}, cmd.Name()) {
			continue
		}
		p := manPage(cmd)
		p.See = []string{"socktrace"}
		if cmd.Name() != "run" { // which says it itself
			p.Status = status
		}
		all, main.See = append(all, p), append(main.See, p.Name)
	}
	for _, p := range pages {
		main.Commands = append(main.Commands, manpage.Entry{Term: "help " + p.Name, Text: "Print the page " + p.Title})
	}
	return append([]manpage.Page{main}, all...)
}

// manPage returns what a command says of itself.
func manPage(cmd *cobra.Command) manpage.Page {
	p := manpage.Page{Name: "socktrace", Short: cmd.Short, Synopsis: cmd.UseLine(), Long: cmd.Long, Examples: cmd.Example}
	if cmd.HasParent() {
		p.Name += "-" + cmd.Name()
	}
	for _, g := range groupsOf(cmd) {
		s := manpage.Section{Title: g.title}
		for _, name := range g.flags {
			s.Options = append(s.Options, manOption(cmd.LocalFlags().Lookup(name)))
		}
		p.Options = append(p.Options, s)
	}
	return p
}

// manOption returns what is said of a flag.
func manOption(f *pflag.Flag) manpage.Entry {
	value, says := pflag.UnquoteUsage(f)
	term := "--" + f.Name
	if f.Shorthand != "" {
		term = "-" + f.Shorthand + ", " + term
	}
	switch {
	case value != "" && f.NoOptDefVal != "":
		term += "[=" + value + "]"
	case value != "":
		term += " " + value
	}
	if !slices.Contains([]string{"", "0", "false", "[]"}, f.DefValue) {
		says += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	return manpage.Entry{Term: term, Text: says}
}
