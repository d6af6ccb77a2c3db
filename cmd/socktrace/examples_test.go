package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socktrace/socktrace/docs"
	"github.com/socktrace/socktrace/filter"
)

// commandsIn returns the commands that lines of a shell begin, each as its words. It
// knows as much of shells as the examples make use of.
func commandsIn(text string) (all [][]string) {
	for line := range strings.Lines(text) {
		var words []string
		var word strings.Builder
		begun, quote := false, rune(0)
		end := func() {
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		}
		for _, r := range line + "\n" {
			switch {
			case quote != 0 && r == quote:
				quote = 0
			case quote != 0:
				word.WriteRune(r)
			case r == '\'' || r == '"':
				begun, quote = true, r
			case r == ' ' || r == '\n':
				end()
			case r == '|' || r == '&' || r == ';' || r == '#' && !begun:
				end()
				all, words = append(all, words), nil
				if r == '#' {
					words = append(words, "#")
				}
			default:
				begun = true
				word.WriteRune(r)
			}
		}
		all = append(all, words)
	}
	return all
}

// checkExamples has the program take all of its commands in a text, up to where they
// would begin, and returns how many there are.
func checkExamples(t *testing.T, from, text string) (n int) {
	t.Helper()
	for _, words := range commandsIn(text) {
		for len(words) > 0 && words[0] != "socktrace" {
			switch words[0] {
			case "$", "sudo":
				words = words[1:]
			default:
				words = nil
			}
		}
		if len(words) < 2 {
			continue
		}
		n++
		if err := taken(words[1:]); err != nil {
			t.Errorf("%s: %q: %v", from, words, err)
		}
	}
	return n
}

// taken returns why the program does not take args; nil if it would run with them.
func taken(args []string) error {
	root := newRoot(processStd())
	root.InitDefaultHelpCmd() // as Execute does
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if cmd.Name() == "help" {
		return help(cmd.Root(), &strings.Builder{}, rest, 0)
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
		return err
	}
	if cmd.PreRunE == nil {
		return nil
	}
	return cmd.PreRunE(cmd, cmd.Flags().Args())
}

// fenced are the blocks of commands in Markdown.
var fenced = regexp.MustCompile("(?ms)^```(?:sh)?\n(.*?)^```$")

// TestExamples takes every command that the help, the pages and the README show.
func TestExamples(t *testing.T) {
	root := newRoot(processStd())
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		if n := checkExamples(t, cmd.CommandPath()+" --help", cmd.Example); n == 0 && cmd.HasExample() {
			t.Errorf("%s: no example in %q", cmd.CommandPath(), cmd.Example)
		}
	}
	texts := map[string]string{}
	pages, err := docs.Pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		texts[p.Name] = p.Text
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	texts["README"] = string(readme)
	n := 0
	for from, text := range texts {
		for _, block := range fenced.FindAllStringSubmatch(text, -1) {
			n += checkExamples(t, from, block[1])
		}
	}
	if n < 30 {
		t.Errorf("only %d commands were found", n)
	}
}

// TestCommandsIn takes lines apart as a shell does.
func TestCommandsIn(t *testing.T) {
	var all []string
	for _, words := range commandsIn("$ a 'b | c' \"d\"'e'#f | g -x && h; i # j k\nl ''\n") {
		if len(words) > 0 {
			all = append(all, strings.Join(words, ","))
		}
	}
	if got, want := strings.Join(all, " "), "$,a,b | c,de#f g,-x h i #,j,k l,"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}

// TestTaken refuses what the program would.
func TestTaken(t *testing.T) {
	for args, code := range map[string]int{
		"read --op ImagePull x.har": exitUsage, "run --filter x -- docker ps": exitRun, "stats": exitUsage, "stats -q --errors x": 0,
		"stats -o x --filter left x": 0, "help filter": 0, "help x": exitUsage, "demo --all": 0,
	} {
		err := taken(strings.Fields(args))
		var f *failure
		if errors.As(err, &f); (err == nil) != (code == 0) || f != nil && f.code != code {
			t.Errorf("%s: %v, want %d", args, err, code)
		}
	}
}

// inUsage are values that the usage of a flag has for example.
var inUsage = regexp.MustCompile(`such as (?:'([^']*)'|(\w+)(?: or (\w+))?)`)

// TestExampleValues takes every value that the usage of a flag has for example.
func TestExampleValues(t *testing.T) {
	n := 0
	newFlags := func() *cobra.Command { cmd, _, _ := newRoot(processStd()).Find([]string{"read"}); return cmd }
	newFlags().LocalFlags().VisitAll(func(f *pflag.Flag) {
		m := inUsage.FindStringSubmatch(strings.ReplaceAll(f.Usage, "`", ""))
		for i := 1; i < len(m); i++ {
			if m[i] == "" {
				continue
			}
			n++
			args := []string{"read", "--" + f.Name, m[i], "--har", "x.har", "x.har.gz"}
			switch {
			case f.Name == "alert-on":
				args = append(args, "--audit", "x.jsonl", "--alert", "cat")
			case f.Name == "events":
				args = append(args, "-f", "jsonl")
			case strings.HasPrefix(f.Name, "audit-"):
				args = append(args, "--audit", "x.jsonl")
			}
			if err := taken(args); err != nil {
				t.Errorf("--%s %s: %v", f.Name, m[i], err)
			}
		}
	})
	if n < 5 {
		t.Errorf("only %d values were found", n)
	}
}

// inCode is a piece of code within a line of Markdown.
var inCode = regexp.MustCompile("`([^`\n]+)`")

// TestExampleConditions takes every condition, and every flag, in the page on filters.
func TestExampleConditions(t *testing.T) {
	pages, _ := docs.Pages()
	conditions, flags := 0, 0
	for _, p := range pages {
		if p.Name != "filter" {
			continue
		}
		for _, m := range inCode.FindAllStringSubmatch(fenced.ReplaceAllString(p.Text, ""), -1) {
			switch {
			case strings.HasPrefix(m[1], "--") && strings.Contains(m[1], " ") && !strings.HasPrefix(m[1], "--network"):
				flags++
				if err := taken(append(commandsIn("read " + m[1])[0], "x.har")); err != nil && m[1] != "--filter EXPR" {
					t.Errorf("%s: %v", m[1], err)
				}
			case regexp.MustCompile(` (==|>|<|contains|in) |\(`).MatchString(m[1]) && !strings.HasPrefix(m[1], "=="):
				conditions++
				if _, err := filter.Compile(m[1]); err != nil && !strings.HasPrefix(m[1], "and or not (") {
					t.Errorf("%s: %v", m[1], err)
				}
			}
		}
	}
	if conditions < 6 || flags < 4 {
		t.Errorf("only %d conditions and %d flags were found", conditions, flags)
	}
}
