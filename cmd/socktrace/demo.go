package main

import (
	"cmp"
	"net"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/intercept"
)

func newDemo(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true}
	cmd := &cobra.Command{
		Use:   "demo [flags]",
		Short: "Show what socktrace does, without Docker",
		Long: `Trace a recorded session: the answers are those of a real daemon, the questions
those of the docker CLI, and socktrace stands between the two on real sockets.
The session is docker version, ps, run, logs -f, rm and inspect, with docker
events all along. It takes a few seconds.`,
		Example: `  socktrace demo
  socktrace demo -f compact
  socktrace demo -f jsonl | jq 'select(.event=="exchange") | .operation'`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runDemo(o, src, s) },
	}
	o.showFlags(cmd, src)
	return cmd
}

// runDemo lets the recorded client talk to the recorded daemon through the
// interposer.
func runDemo(o *options, src source, s std) error {
	if err := o.check(src); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	session, err := demo.Recorded()
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	ctx, stop := untilSignal()
	defer stop()
	ignoreBrokenPipe()
	t, err := newTrace(ctx, o, src, s)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer t.close()
	private, l, err := privateListener()
	if err != nil {
		t.summary = false
		return &failure{code: exitFailed, err: err}
	}
	defer private.remove()
	defer l.Close()
	daemon, upstream, err := demoDaemon(private.dir)
	if err != nil {
		t.summary = false
		return &failure{code: exitFailed, err: err}
	}
	served := make(chan error, 2)
	go func() { served <- session.Serve(daemon) }()
	w := &warner{w: s.err}
	p := t.proxy(l, upstream, w.warn)
	go func() { served <- p.Serve(ctx) }()
	err = session.Ask(ctx, func() (net.Conn, error) { return intercept.Upstream{Addr: l.Local()}.Dial(ctx) })
	daemon.Close()
	drain, cancel := graceContext()
	defer cancel()
	p.Drain(drain)
	err = cmp.Or(err, <-served, <-served)
	if err != nil && ctx.Err() == nil {
		return &failure{code: exitFailed, err: err}
	}
	return t.end()
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
