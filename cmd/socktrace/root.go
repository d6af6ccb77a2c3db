package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// realMain runs the program and returns its exit code.
func realMain(args []string, s std) int {
	root := newRoot(s)
	root.SetArgs(args)
	err := root.Execute()
	if err == nil {
		s.err.flush()
		return exitOK
	}
	f := &failure{code: exitUsage, err: err, hint: "see socktrace --help"}
	errors.As(err, &f)
	if f.err != nil {
		complain(s.err, f.err)
		for _, line := range excerpt(f.err) {
			complain(s.err, errors.New(line))
		}
	}
	if f.hint != "" {
		complain(s.err, fmt.Errorf("hint: %s", f.hint))
	}
	s.err.flush()
	f.exit.dieAlike()
	return f.code
}

// Commands are listed as they are added: what is needed most comes first.
func init() { cobra.EnableCommandSorting = false }

func newRoot(s std) *cobra.Command {
	root := &cobra.Command{
		Use:   "socktrace COMMAND [ARG...]",
		Short: "See what clients say to a daemon on a socket",
		Long: `socktrace shows what a client (the docker CLI, docker-py, curl, any program)
really says to an HTTP daemon on a unix socket or TCP, and what the daemon
answers. It stands between the two and relays every byte untouched, captures
packets, or reads a recording.`,
		Example: `  socktrace run -- docker run --rm busybox echo hi
  socktrace run -f compact -o trace.txt -- docker compose up
  socktrace listen --listen unix:///tmp/traced.sock
  socktrace run --har session.har -- docker build .
  socktrace read session.har
  socktrace sniff -i lo --port 2375
  socktrace demo`,
		Version:               versionLine(),
		DisableFlagsInUseLine: true,
		SilenceUsage:          true,
		SilenceErrors:         true,
		Args:                  isCommand,
		RunE:                  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.Flags().SetInterspersed(false) // the flags behind the name of a program are its own
	root.Flags().SortFlags = false
	root.Flags().BoolP("version", "v", false, "print the version")
	root.SetVersionTemplate("{{.Version}}")
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetUsageFunc(usage(s))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return flagFailure(exitUsage, cmd, err, fmt.Sprintf("see %s --help", cmd.CommandPath()))
	})
	root.SetHelpCommand(newHelp(s))
	root.AddCommand(newRun(s), newListen(s), newServe(s), newRead(s), newStats(s), newLesson(s), newPolicy(s), newDiff(s), newReplay(s), newSniff(s), newDemo(s), newOperations(s), newAudit(s), newCA(s), newRestore(s), newVersion(s))
	checkShell(root)
	return root
}

// isCommand refuses what is no command.
func isCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &failure{code: exitUsage, err: fmt.Errorf("unknown command %q", shortened(args[0])), hint: commandHint(root, args)}
}
