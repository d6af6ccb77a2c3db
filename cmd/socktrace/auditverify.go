package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/audit/chain"
	"github.com/socktrace/socktrace/internal/plural"
)

func newAudit(s std) *cobra.Command {
	var want chain.Want
	cmd := &cobra.Command{
		Use:   "audit verify [flags] FILE...",
		Short: "Say whether what --audit has written is whole, and where it is not",
		Long: `Check the chain of an audit over all its files, in any order: that no line was
changed, taken out, put in, moved or doubled. It says where, and exits with 1.
Full files that stand beside a FILE, with the time behind its name, are of it.

Nothing in a chain tells that its end was cut off, or that all of it was written anew.
A hash that was kept elsewhere does: --head. See socktrace help auditing.`,
		Example: `  socktrace audit verify audit.jsonl
  socktrace audit verify --part audit.jsonl.20261128T062938.123456789Z
  socktrace audit verify --head "$(cat head.txt)" audit.jsonl`,
		Args: func(_ *cobra.Command, args []string) error {
			hint := "socktrace audit verify audit.jsonl"
			switch {
			case len(args) == 0:
				return &failure{code: exitUsage, err: errors.New("audit: no command"), hint: hint}
			case args[0] != "verify":
				return &failure{code: exitUsage, err: fmt.Errorf("audit: unknown command %q%s", shortened(args[0]), didYouMean(args[0], []string{"verify"})), hint: hint}
			case len(args) == 1:
				return &failure{code: exitUsage, err: errors.New("audit verify: no file"), hint: hint}
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return []cobra.Completion{"verify"}, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			want.Head = strings.ToLower(strings.TrimSpace(want.Head))
			if cmd.Flags().Changed("head") && !chain.IsHash(want.Head) {
				return &failure{code: exitUsage, err: fmt.Errorf("--head %q: no hash, which is %d hexadecimal digits", shortened(want.Head), len(chain.Zero))}
			}
			return auditVerify(s, args[1:], want)
		},
	}
	cmd.Flags().StringVar(&want.Head, "head", "", "the audit must have a line with this `HASH`, which was kept elsewhere")
	cmd.Flags().BoolVar(&want.Part, "part", false, "these files alone: what comes before them is elsewhere")
	complete(cmd, "head")
	return cmd
}

// auditVerify runs the command: it fails if an audit is not whole.
func auditVerify(s std, args []string, want chain.Want) error {
	names, err := named(args)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	if !want.Part {
		names = withOlder(names)
	}
	var files []chain.File
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return &failure{code: exitFailed, err: err}
		}
		defer f.Close()
		files = append(files, chain.File{Name: name, R: f})
	}
	r, err := chain.Verify(files, want)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	_, err = io.WriteString(s.out, reportText(r))
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	if !r.Whole() {
		return &failure{code: exitFailed}
	}
	return nil
}

// withOlder returns names, and behind them those of the full files that stood in their place.
func withOlder(names []string) []string {
	all := slices.Clone(names)
	for _, name := range names {
		for _, old := range chain.Older(name) {
			if !slices.ContainsFunc(all, func(is string) bool { return filepath.Clean(is) == filepath.Clean(old) }) {
				all = append(all, old)
			}
		}
	}
	return all
}

// reportText says what was found, in lines.
func reportText(r *chain.Report) string {
	var b strings.Builder
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "%s\n", f)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "and %s more\n", plural.Of(int64(r.More), "fault"))
	}
	is := "whole"
	if !r.Whole() {
		is = "not whole"
	}
	fmt.Fprintf(&b, "%s: %s in %s", is, plural.Of(r.Lines, "line"), plural.Of(int64(len(r.Files)), "file"))
	if !r.From.IsZero() {
		fmt.Fprintf(&b, ", from %s to %s", r.From.UTC().Format("2006-01-02 15:04:05Z"), r.To.UTC().Format("2006-01-02 15:04:05Z"))
	}
	b.WriteByte('\n')
	if r.First > 1 {
		fmt.Fprintf(&b, "it begins with line %d: the files before it are not here\n", r.First)
	}
	if r.Mended > 0 {
		fmt.Fprintf(&b, "%s torn by a kill and ended later\n", plural.Of(int64(r.Mended), "line")+" "+plural.Verb(int64(r.Mended), "was", "were"))
	}
	if r.Missing > 0 {
		fmt.Fprintf(&b, "%s could not be written at the time, as the audit itself says\n", plural.Of(r.Missing, "line"))
	}
	if r.Head != "" {
		if !r.Stopped {
			b.WriteString("it does not end with a stop: it is being written, was killed, or its end was cut off\n")
		}
		fmt.Fprintf(&b, "head %s\n", r.Head)
	}
	return b.String()
}
