package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/socktrace/socktrace/docs"
)

// flagGroup is a part of the help: flags that are about one thing.
type flagGroup struct {
	title string
	flags []string
}

// flagGroups says in which groups, and in which order, the help has the flags:
// what is needed every day comes first. Those that are named nowhere come last.
var flagGroups = []flagGroup{
	{"Show", []string{"format", "events", "json", "output", "quiet", "all", "heads", "bodies", "paths", "explain", "stats", "for", "as", "check", "engine", "title", "proto", "color"}},
	{"Select", []string{"filter", "errors", "slower", "op", "container", "grep"}},
	{"Record", []string{"har", "pcapng", "har-max-size", "policy", "policy-for", "spool"}},
	{"Audit", []string{"audit", "audit-reads", "audit-strict", "audit-max-size", "audit-max-age", "audit-keep", "alert", "alert-on"}},
	{"Telemetry", []string{"otlp", "otlp-bodies", "otlp-audit", "otlp-metrics", "otlp-join", "otlp-spool", "otlp-spool-size", "metrics"}},
	{"Daemon and clients", []string{"serve", "speed", "strict", "upstream", "context", "wait", "listen", "in-place", "expose", "allow-remote", "env", "interface", "port"}},
	{"TLS", []string{"tls", "tlsverify", "tlscacert", "tlscert", "tlskey", "tlsservername",
		"listen-tls", "listen-tlscert", "listen-tlskey", "listen-tlscacert", "keylog", "pem"}},
	{"Faults on purpose", []string{"fault", "fault-seed"}},
	{"Secrets", []string{"mask", "show-secrets"}},
	{"Limits", []string{"max-body", "max-memory"}},
}

// otherFlags is the title of those that are in no group.
const otherFlags = "Other"

// groupsOf returns the groups of the flags that a command has.
func groupsOf(cmd *cobra.Command) (groups []flagGroup) {
	var rest []string
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			rest = append(rest, f.Name)
		}
	})
	for _, g := range flagGroups {
		has := slices.DeleteFunc(slices.Clone(g.flags), func(name string) bool { return !slices.Contains(rest, name) })
		rest = slices.DeleteFunc(rest, func(name string) bool { return slices.Contains(has, name) })
		groups = append(groups, flagGroup{g.title, has})
	}
	groups = append(groups, flagGroup{otherFlags, rest})
	return slices.DeleteFunc(groups, func(g flagGroup) bool { return len(g.flags) == 0 })
}

// flagUsages returns the help on the flags of a command, in columns that all its
// groups share.
func flagUsages(cmd *cobra.Command, width int) string {
	groups := groupsOf(cmd)
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	all.SortFlags = false
	title := map[int]string{} // before the n-th flag
	n := 0
	for _, g := range groups {
		title[n] = g.title
		n += len(g.flags)
		for _, name := range g.flags {
			all.AddFlag(cmd.LocalFlags().Lookup(name))
		}
	}
	var b strings.Builder
	n = 0
	for line := range strings.Lines(all.FlagUsagesWrapped(width)) {
		if strings.HasPrefix(line, "  -") || strings.HasPrefix(line, "      -") { // no line that goes on
			if t := title[n]; t != "" {
				fmt.Fprintf(&b, "\n%s:\n", t)
			}
			n++
			line = joined.ReplaceAllStringFunc(line, func(was string) string {
				m := joined.FindStringSubmatch(was)
				return fmt.Sprintf("%-*s", len(was), m[1]+"[="+m[2]+"]")
			})
		}
		b.WriteString(line)
	}
	return b.String()
}

// joined is a flag whose value may be left out, and is joined to it if not: pflag has the
// value that it has then in brackets behind its name, which looks as if it stood apart.
var joined = regexp.MustCompile(`(--[a-z-]+) ([A-Z]+)\[=[a-z]+\]`)

// usage returns what writes how a command is used, as wide as the terminal.
func usage(s std) func(*cobra.Command) error {
	return func(cmd *cobra.Command) error {
		var b strings.Builder
		fmt.Fprintf(&b, "Usage:\n  %s\n", cmd.UseLine())
		if cmd.HasExample() {
			fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
		}
		if cmd.HasAvailableSubCommands() {
			b.WriteString("\nCommands:\n")
			for _, sub := range cmd.Commands() {
				if sub.IsAvailableCommand() {
					fmt.Fprintf(&b, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), sub.Short)
				}
			}
		}
		if !cmd.HasParent() {
			b.WriteString("\nPages, printed by socktrace help PAGE:\n")
			pages, _ := docs.Pages() // there is always what was built in
			for _, p := range pages {
				fmt.Fprintf(&b, "  %-*s  %s\n", cmd.NamePadding(), p.Name, p.Title)
			}
		}
		b.WriteString(flagUsages(cmd, helpWidth(s)))
		_, err := io.WriteString(cmd.OutOrStderr(), b.String())
		return err
	}
}

// helpWidth returns how wide the help is: as the terminal, as far as lines of that
// length can be read.
func helpWidth(s std) int {
	const usual, most = 80, 110
	if w, _, err := term.GetSize(int(s.out.Fd())); err == nil && w > 0 {
		return min(w, most)
	}
	return usual
}
