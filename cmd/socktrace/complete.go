package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/dockercli"
)

// recordingEnds are the ends of the names that recordings have: what read reads.
var recordingEnds = []string{"har", "har.gz", "pcapng", "pcapng.gz", "pcap", "pcap.gz", "jsonl", "jsonl.gz"}

// complete has the shell propose values for a flag.
func complete(cmd *cobra.Command, flag string, values ...string) {
	// It fails only for a flag that does not exist, which a test would see.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// completeFiles has it propose files with names that end so.
func completeFiles(cmd *cobra.Command, flag string, ends ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(ends, cobra.ShellCompDirectiveFilterFileExt))
}

// completeRecordings proposes recordings.
func completeRecordings(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return recordingEnds, cobra.ShellCompDirectiveFilterFileExt
}

// completeCommand proposes a command to run and, behind it, files: what else the
// command takes is its own affair.
func completeCommand(_ *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 || strings.ContainsRune(begun, filepath.Separator) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return programs(os.Getenv("PATH"), begun), cobra.ShellCompDirectiveDefault
}

// completeContexts proposes the contexts of the docker CLI.
func completeContexts(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	home, _ := os.UserHomeDir()
	return dockercli.Contexts(os.Getenv, home), cobra.ShellCompDirectiveNoFileComp
}

// programs returns the names of the programs in path that begin so.
func programs(path, begun string) (names []string) {
	for _, dir := range filepath.SplitList(path) {
		files, _ := os.ReadDir(dir) // what is not there has none
		for _, f := range files {
			if !strings.HasPrefix(f.Name(), begun) {
				continue
			}
			info, err := os.Stat(filepath.Join(dir, f.Name()))
			if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
				names = append(names, f.Name())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkShell has the command that cobra makes to complete for shells refuse those that
// it does not know.
func checkShell(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	cmd, _, err := root.Find([]string{"completion"})
	if err != nil {
		return // there is none
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		var shells []string
		for _, shell := range cmd.Commands() {
			shells = append(shells, shell.Name())
		}
		return &failure{code: exitUsage, err: fmt.Errorf("completion: unknown shell %q%s", shortened(args[0]), didYouMean(args[0], shells)),
			hint: "there are " + strings.Join(shells, ", ")}
	}
	cmd.Args = cobra.ArbitraryArgs
}
