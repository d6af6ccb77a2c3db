package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"

	"github.com/fatih/color"
	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/wire"
)

func newDemo(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true}
	cmd := &cobra.Command{
		Use:   "demo [flags]",
		Short: "Show what socktrace does, without Docker",
		Long: `Trace a recorded session: the answers are those of a real daemon, the questions
those of the docker CLI, and socktrace stands between the two on real sockets.
The session is docker version, ps, run, logs -f, rm and start of what is not
there, with docker events all along; each command is shown when it begins. It
takes a few seconds.`,
		Example: `  socktrace demo
  socktrace demo -f compact
  socktrace demo -q --har demo.har && socktrace read demo.har
  socktrace demo -f jsonl | jq 'select(.event=="exchange") | .operation'`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(*cobra.Command, []string) error { return runDemo(o, src, s) },
	}
	o.showFlags(cmd, src)
	o.otlpFlags(cmd)
	return cmd
}

// runDemo lets the recorded client talk to the recorded daemon through the
// interposer.
func runDemo(o *options, src source, s std) error {
	session, err := demo.Recorded()
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	a := untilSignal()
	ctx, stop := a.ctx, a.stop
	defer stop()
	ignoreBrokenPipe()
	t, err := newTrace(ctx, o, src, s)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer t.close()
	private, l, err := privateListener("")
	if err != nil {
		t.summary = false
		return &failure{code: exitFailed, err: err}
	}
	defer a.mustDo(private.remove)()
	defer private.remove()
	defer l.Close()
	daemon, upstream, err := demoDaemon(private.dir)
	if err != nil {
		t.summary = false
		return &failure{code: exitFailed, err: err}
	}
	playing, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	p := t.proxy(l, upstream, fail)
	p.TapFirst = true // what is shown has the order of what is said
	p.Tap = func(c *wire.Conn) wire.Tap {
		c.Server.Addr = "unix:///var/run/docker.sock" // where a daemon would be
		return t.tap(c)
	}
	served := make(chan error, 1)
	go func() { served <- p.Serve(ctx) }()
	err = session.Play(playing, daemon, func() (net.Conn, error) { return intercept.Upstream{Addr: l.Local()}.Dial(ctx) }, t.typed(o))
	daemon.Close()
	drain, cancel := graceContext()
	defer cancel()
	p.Drain(drain)
	err = cmp.Or(err, <-served)
	if err != nil && ctx.Err() == nil {
		return &failure{code: exitFailed, err: err}
	}
	if err := t.end(); err != nil {
		return err
	}
	if ctx.Err() == nil && o.forPeople() {
		sayNext(s.err, o)
	}
	return nil
}

// forPeople reports whether the live output is one that people read.
func (o *options) forPeople() bool {
	return !o.quiet && o.prose()
}

// typed returns what shows the commands of the session in the live output, when they
// begin. It waits for no output.
func (t *trace) typed(o *options) func(command string) {
	if !o.forPeople() {
		return t.typedCommand
	}
	out, faint := newMessages(t.out), color.New(color.Faint)
	if t.color {
		faint.EnableColor()
	} else {
		faint.DisableColor()
	}
	return func(command string) {
		t.typedCommand(command)
		fmt.Fprintln(out, "\n"+faint.Sprint("$ "+command))
	}
}

// sayNext says what else there is to try, each command whole in its line.
func sayNext(tell io.Writer, o *options) {
	complain(tell, errors.New("try next: socktrace run -- docker ps"))
	if o.har != "" && o.har != "-" {
		complain(tell, fmt.Errorf("or look at the recording: socktrace read -f compact %s", shellWords([]string{o.har})))
		return
	}
	complain(tell, errors.New("or record: socktrace demo -q --har demo.har"))
	complain(tell, errors.New("and read: socktrace read -f compact demo.har"))
}

// demoDaemon returns a listener for the daemon, in dir if that is one.
func demoDaemon(dir string) (*intercept.Listener, intercept.Upstream, error) {
	a := intercept.Addr{Network: "tcp", Address: "127.0.0.1:0"}
	if dir != "" {
		a = intercept.Addr{Network: "unix", Address: filepath.Join(dir, "dockerd.sock")}
	}
	l, err := intercept.Listen(a, intercept.ListenOptions{})
	if err != nil {
		return nil, intercept.Upstream{}, err
	}
	return l, intercept.Upstream{Addr: l.Local()}, nil
}
