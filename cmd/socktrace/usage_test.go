package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socktrace/socktrace/docs"
)

// answerOf returns what the program writes when it is called with args.
func answerOf(t *testing.T, args ...string) string {
	t.Helper()
	s := processStd()
	root := newRoot(s)
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(io.Discard) // where completion says what it did
	root.SetArgs(args)
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestUsageGroups has every flag once, in its group, in the order of the table, in
// columns of one width, and no line too long.
func TestUsageGroups(t *testing.T) {
	for _, name := range []string{"run", "listen", "read", "sniff", "demo"} {
		cmd, _, err := newRoot(processStd()).Find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		_, usage, _ := strings.Cut(answerOf(t, name, "--help"), "\n\nShow:\n")
		usage = "\n\nShow:\n" + usage // the examples have flags too
		at := 0
		for _, g := range groupsOf(cmd) {
			title := strings.Index(usage, "\n\n"+g.title+":\n")
			if title < at {
				t.Fatalf("%s: %s is at %d, behind %d", name, g.title, title, at)
			}
			at = title
			for _, flag := range g.flags {
				i := -1
				if m := regexp.MustCompile(`(?m)^  (-\w, |    )--` + flag + `[ \[]`).FindStringIndex(usage); m != nil {
					i = m[0]
				}
				if i < at {
					t.Errorf("%s: --%s is at %d, before %d", name, flag, i, at)
				}
				at = i
			}
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if n := strings.Count(usage, fmt.Sprintf(" --%s ", f.Name)) + strings.Count(usage, fmt.Sprintf(" --%s[=", f.Name)); n == 0 {
				t.Errorf("%s: no --%s", name, f.Name)
			}
		})
		for line := range strings.Lines(usage) {
			if n := len([]rune(line)); n > 81 {
				t.Errorf("%s: %d columns: %s", name, n, line)
			}
		}
	}
}

// TestGroupsOf puts flags that the table does not know at the end.
func TestGroupsOf(t *testing.T) {
	cmd := &cobra.Command{Use: "x"}
	for _, name := range []string{"zeta", "har", "alpha", "output", "hidden", "format"} {
		cmd.Flags().Bool(name, false, "")
	}
	_ = cmd.Flags().MarkHidden("hidden")
	got := fmt.Sprint(groupsOf(cmd))
	if want := "[{Show [format output]} {Record [har]} {Other [alpha zeta]}]"; got != want {
		t.Errorf("got %s; want %s", got, want)
	}
}

// TestUsageRoot has the commands and pages, what is needed most first.
func TestUsageRoot(t *testing.T) {
	usage := answerOf(t, "--help")
	if usage != answerOf(t) || usage != answerOf(t, "help") {
		t.Error("socktrace, socktrace help and socktrace --help differ")
	}
	for _, text := range []string{"\nUsage:\n  socktrace COMMAND [ARG...]\n", "\nCommands:\n  run  ", "\n  secrets      Secrets\n", "  -v, --version   "} {
		if !strings.Contains(usage, text) {
			t.Errorf("no %q in %s", text, usage)
		}
	}
}

// TestVersionFlags says the same in three ways.
func TestVersionFlags(t *testing.T) {
	for _, flag := range []string{"--version", "-v"} {
		if got := answerOf(t, flag); got != versionLine() {
			t.Errorf("%s: %q; want %q", flag, got, versionLine())
		}
	}
	if !strings.HasPrefix(versionLine(), "socktrace ") || strings.Count(versionLine(), "\n") != 1 {
		t.Errorf("%q", versionLine())
	}
}

// TestHelpPages prints commands and all pages, and says what there is instead of others.
func TestHelpPages(t *testing.T) {
	if got, want := answerOf(t, "help", "run"), answerOf(t, "run", "--help"); got != want {
		t.Errorf("help run: %s\nrun --help: %s", got, want)
	}
	pages, err := docs.Pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		var out bytes.Buffer
		if err := help(newRoot(processStd()), &out, []string{p.Name}, 70); err != nil || out.String() != docs.Plain(pageText(p.Text), 70) {
			t.Errorf("help %s on a terminal: %v, %.100s", p.Name, err, &out)
		}
		if strings.Contains(out.String(), ".md)") {
			t.Errorf("help %s refers to a file that is not there", p.Name)
		}
	}
	for _, args := range [][]string{{"jsnol"}, {"run", "x"}, {"har", "secrets"}} {
		err := help(newRoot(processStd()), &bytes.Buffer{}, args, 0)
		want := fmt.Sprintf("help: no command and no page %q", strings.Join(args, " "))
		if args[0] == "jsnol" {
			want += "; did you mean jsonl?"
		}
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v; want %s", args, err, want)
		}
	}
}

// TestHelpWidth has what is printed into a file or a pipe be read as in 80 columns.
func TestHelpWidth(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "page"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	s := processStd()
	s.out = out
	root := newRoot(s)
	root.SetArgs([]string{"help", "tls"})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	got := string(page)
	for _, want := range []string{"TLS\n\n", "\n  socktrace run --tlsverify -- docker ps\n  socktrace listen --upstream"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in %s", want, got)
		}
	}
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(line); n > 81 && !strings.HasPrefix(line, "  ") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestPageText has links to pages say how to print those.
func TestPageText(t *testing.T) {
	for in, want := range map[string]string{
		"see [memory.md](memory.md).":             "see socktrace help memory.",
		"as in [JSON lines](jsonl.md#x), or":      "as in JSON lines (socktrace help jsonl), or",
		"[HAR](http://example.com/x.html) [a](b)": "[HAR](http://example.com/x.html) [a](b)",
	} {
		if got := pageText(in); got != want {
			t.Errorf("%s: %s; want %s", in, got, want)
		}
	}
}
