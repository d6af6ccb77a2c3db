package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept"
)

func newRun(s std) *cobra.Command {
	o, src := newOptions(), source{childStdout: true}
	cmd := &cobra.Command{
		Use:   "run [flags] -- COMMAND [ARG...]",
		Short: "Run a command and trace what it says to the daemon",
		Long: `Run a command with DOCKER_HOST set to a socket of its own, and show what it says
to the daemon that it would have talked to. The command keeps its terminal, its
signals and its exit status. The trace goes to standard error, or to a file with
-o, which is best when the command writes to the terminal too. It ends with the
command: what that leaves behind in the background loses the daemon a second
later.

A docker command that names its daemon (docker -H ADDR, docker --context NAME) is
followed there. Of other commands that would go past it is said before they run.

The exit status is the command's; 125 if socktrace itself fails, 126 if the
command cannot be run, 127 if it is not found.`,
		Example: `  socktrace run -- docker run --rm busybox echo hi
  socktrace run -o trace.txt -- docker run -it --rm busybox
  socktrace run -f jsonl -o trace.jsonl -- python3 build.py
  socktrace run -- docker --context prod ps
  socktrace run --env CONTAINER_HOST -- podman --remote ps
  socktrace run --via strace -- docker -H unix:///run/other.sock ps
  socktrace run --op Control/Solve -- docker buildx build .`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 && len(o.pids) == 0 {
				return &failure{code: exitRun, err: errors.New("run: no command"), hint: "socktrace run -- docker ps"}
			}
			return o.wait.apart(exitRun, args)
		},
		ValidArgsFunction: completeCommand,
		RunE: func(_ *cobra.Command, args []string) error {
			if o.isVia() {
				return runVia(o, src, s, args)
			}
			if len(o.serve.files) > 0 {
				return o.withServed(s, o.serve.files, exitRun, func() error { return run(o, src, s, args) })
			}
			return run(o, src, s, args)
		},
	}
	cmd.Flags().SetInterspersed(false) // the flags behind the command are its own
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return flagFailure(exitRun, cmd, err, "see socktrace run --help; flags of the command go behind --")
	})
	o.showFlags(cmd, src)
	o.auditFlags(cmd, true)
	o.faultFlags(cmd)
	o.otlpFlags(cmd)
	o.upstreamFlag(cmd)
	cmd.Flags().StringArrayVar(&o.env, "env", nil, "also set the variable `NAME` for the command, as DOCKER_HOST is; the daemon it names now is the upstream")
	complete(cmd, "env", "CONTAINER_HOST")
	o.viaFlags(cmd)
	o.serve.runFlags(cmd)
	check := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if err := o.checkServe(cmd); err != nil {
			return badFlags(src, err)
		}
		return check(cmd, args)
	}
	return cmd
}

// takenOver are the variables whose meaning run takes over from the command.
var takenOver = []string{"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"}

// run runs the command: it returns a failure with the command's exit code.
func run(o *options, src source, s std, args []string) error {
	upstream, follows, err := o.upstreamFor(args, s.getenv)
	if err != nil {
		return upstreamFailure(exitRun, err)
	}
	w := &warner{w: s.err}
	var goes past
	if follows == nil {
		goes = goesPast(args, o.upstream+o.context != "")
	}
	// Whatever signal comes meanwhile ends it: there is nothing yet to clean up.
	if err := o.wait.await(context.Background(), upstream, w.warn); err != nil {
		if goes.what != "" { // what is not there is not what the command wants
			return &failure{code: exitRun, err: fmt.Errorf("%w; and %s", err, goes.what), hint: goes.hint}
		}
		return &failure{code: exitRun, err: err, hint: upstreamHint(err, upstream)}
	}
	path, err := exec.LookPath(args[0])
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return cannotRun(args[0], err)
	}
	passed := notIgnored(passedOn) // before any is caught
	a := untilCommand(passed)
	o.tellCalls(upstream, s.getenv)
	t, err := newTrace(a.ctx, o, src, s)
	if err != nil {
		return &failure{code: exitRun, err: err}
	}
	defer t.close()
	if err := t.openKeyLog(a.ctx, o, s, upstream.TLS != nil); err != nil {
		t.summary = false
		return &failure{code: exitRun, err: err}
	}
	t.rest = o.restHint(t.out, "--har FILE records it")
	private, l, err := privateListener(upstream.Addr.Base())
	if err != nil {
		t.summary = false
		return &failure{code: exitRun, err: err}
	}
	defer a.mustDo(private.remove)()
	defer private.remove()
	defer l.Close()
	t.out.share()
	ignoreBrokenPipe()
	follows.tell(w, upstream)
	tellBase(w, l.Local())
	goes.tell(w)
	cmd := &exec.Cmd{
		Path: path, Args: follows.command(args, l.Local()), Stdin: s.in, Stdout: s.out, Stderr: s.errFile,
		Env: childEnv(os.Environ(), l.Local(), o.env),
	}
	t.runs(args)
	end, err := t.follow(cmd, a, l, upstream)
	if err == nil && cmd.Process != nil && goes.what == "" && t.proxied.Connections() == 0 {
		explainSilence(w, withoutOurs(cmd.Args, l.Local()), upstream)
	}
	t.summary = t.summary && err == nil // else nothing happened
	return t.outcome(args[0], end, err)
}

// outcome closes the trace of a command, and returns what becomes of it: a failure with
// the command's exit code, or our own.
func (t *trace) outcome(command string, end exit, err error) error {
	t.close()
	switch {
	case err != nil:
		return cannotRun(command, err)
	case end.code != 0:
		return &failure{code: end.code, exit: end}
	case t.incomplete():
		return &failure{code: exitRun}
	}
	return nil
}

// follow runs cmd while l is served for upstream, and passes signals on to it.
func (t *trace) follow(cmd *exec.Cmd, a *asked, l *intercept.Listener, upstream intercept.Upstream) (exit, error) {
	w := &warner{w: t.tell}
	p := t.proxy(l, upstream, w.warn)
	served := make(chan error, 1)
	go func() { served <- p.Serve(context.Background()) }()
	end, err := runChild(cmd, a, nil)
	if err == nil && cmd.Process != nil {
		t.recorders.command.Exited(cmd.Process.Pid, end.code)
	}
	ctx, cancel := graceContext()
	defer cancel()
	p.Drain(ctx)
	if e := <-served; e != nil {
		w.warn(e)
	}
	return end, err
}

// childEnv returns env with DOCKER_HOST, and the variables named by more, set
// to addr, each in the form that it has.
func childEnv(env []string, addr intercept.Addr, more []string) []string {
	drop := make(map[string]bool)
	for _, name := range append(more, takenOver...) {
		drop[name] = true
	}
	was := make(map[string]string)
	var out []string
	for _, kv := range env {
		name, value, _ := strings.Cut(kv, "=")
		if was[name] = value; !drop[name] {
			out = append(out, kv)
		}
	}
	out = append(out, "DOCKER_HOST="+addr.String())
	for _, name := range more {
		if name == "DOCKER_HOST" {
			continue
		}
		value := addr.String()
		if addr.Network == "unix" && takesPath(name, was[name]) {
			value = addr.Address
		}
		out = append(out, name+"="+value)
	}
	return out
}

// takesPath reports whether a variable, by what it holds, names a socket by its path
// alone. If it holds nothing, its name may tell: that of containerd's clients does.
func takesPath(name, value string) bool {
	if value == "" {
		return name == "CONTAINERD_ADDRESS"
	}
	at, err := intercept.ParseAddr(value)
	return err == nil && at.Network == "unix" && !strings.Contains(value, "://")
}

// cannotRun returns the failure that env and docker run have for a command that
// is not there or cannot be run.
func cannotRun(name string, err error) error {
	code := exitNoExec
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		code = exitNoFile
	}
	var look *exec.Error
	if errors.As(err, &look) {
		err = look.Err
	}
	var file *fs.PathError
	if errors.As(err, &file) {
		err = file.Err
	}
	return &failure{code: code, err: fmt.Errorf("run %s: %w", name, err)}
}
