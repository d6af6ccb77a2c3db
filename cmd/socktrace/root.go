package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/render"
)

// std is what the program got from its caller.
type std struct {
	in, out, errFile *os.File
	err              *messages // to errFile
	getenv           func(string) string
}

// processStd returns what this process got.
func processStd() std {
	return std{in: os.Stdin, out: os.Stdout, errFile: os.Stderr, err: newMessages(os.Stderr), getenv: os.Getenv}
}

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
	root.AddCommand(newRun(s), newListen(s), newRead(s), newStats(s), newLesson(s), newSniff(s), newDemo(s), newOperations(s), newCA(s), newRestore(s), newVersion(s))
	checkShell(root)
	return root
}

// isCommand refuses what is no command.
func isCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &failure{code: exitUsage, err: fmt.Errorf("unknown command %q", args[0]), hint: commandHint(root, args)}
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &failure{code: exitUsage, err: fmt.Errorf("%s: unexpected argument %q", cmd.Name(), args[0]), hint: "see " + cmd.CommandPath() + " --help"}
}

// version is set by the linker when a release is built.
var version string

func newVersion(s std) *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version",
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(s.out, versionLine())
			return err
		},
	}
}

// versionLine is what the program says of itself.
func versionLine() string {
	return fmt.Sprintf("socktrace %s %s/%s %s\n", versionString(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// versionString returns the version that was built: a release, or the commit.
func versionString() string {
	if version != "" {
		return version
	}
	info, _ := debug.ReadBuildInfo()
	return builtVersion(info)
}

// builtVersion returns the version that a program says it was built from.
func builtVersion(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) > 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}
