package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/openfile"
)

func newListen(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true}
	cmd := &cobra.Command{
		Use:   "listen [flags]",
		Short: "Stand between clients and a daemon until interrupted",
		Long: `Listen on a socket, and relay every client that connects to the daemon. Point
clients at the socket with DOCKER_HOST, docker -H, curl --unix-socket and such;
or take the place of the daemon's own socket, and no client needs to know.`,
		Example: `  socktrace listen --listen unix:///tmp/traced.sock
  docker -H unix:///tmp/traced.sock ps

  sudo socktrace listen --in-place /var/run/docker.sock

  socktrace listen --listen tcp://127.0.0.1:2375 -f jsonl | jq 'select(.event=="exchange")'`,
		Args: func(cmd *cobra.Command, args []string) error {
			return cmp.Or(o.wait.apart(exitUsage, args), noArgs(cmd, args))
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("in-place") {
				return listenInPlace(o, src, s)
			}
			return listen(o, src, s)
		},
	}
	o.showFlags(cmd, src)
	o.auditFlags(cmd, true)
	o.faultFlags(cmd)
	o.otlpFlags(cmd)
	o.upstreamFlag(cmd)
	o.listenTLSFlags(cmd)
	o.listenFlags(cmd)
	cmd.Flags().StringVar(&o.inPlace, "in-place", "", "take the place of the socket at the path `SOCKET`, and be before its daemon until the end (Linux); see socktrace help in-place")
	return cmd
}

// listenFlags adds the flags that say where to listen.
func (o *options) listenFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.listen, "listen", "", "listen on `ADDR`: unix:///path or tcp://host:port (default: socktrace.sock in the runtime folder)")
	cmd.Flags().BoolVar(&o.expose, "expose", false, "have a TCP address be one that other machines can reach")
}

// listen runs the command: 0 when it was interrupted.
func listen(o *options, src source, s std) error {
	upstream, err := o.daemon(s.getenv)
	if err != nil {
		return upstreamFailure(exitUsage, err)
	}
	addr, err := listenAddr(o.listen, s.getenv)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	addr, err = withBase(addr, upstream.Addr)
	if err != nil {
		return err
	}
	if addr.Same(upstream.Addr) {
		return &failure{code: exitUsage, err: fmt.Errorf("listen %s: that is the upstream", addr),
			hint: "name the daemon's own address with --upstream"}
	}
	if err := o.checkOTLPAt(addr, s.getenv); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	if err := o.front.check(addr); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	front, err := o.front.config(addr)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	a := untilSignal()
	ctx := a.ctx
	defer a.stop()
	ignoreBrokenPipe()
	// Before it listens: who may connect depends on who may to the daemon.
	if err := o.waitToListen(ctx, upstream, &warner{w: s.err}); err != nil || ctx.Err() != nil {
		return err
	}
	lo := intercept.ListenOptions{Like: socketPath(upstream.Addr), Exposed: o.expose || o.front.remote, Warn: (&warner{w: s.err}).warn}
	front.open = lo.Exposed
	if err := checkListen(ctx, addr, lo); err != nil { // before outputs are written over
		return err
	}
	o.tellCalls(upstream, s.getenv)
	o.audit.sockets = spellings(socketPath(addr))
	t, err := newTrace(ctx, o, src, s)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer t.close()
	t.front = front.tls
	if err := t.openKeyLog(ctx, o, s, upstream.TLS != nil || front.tls != nil); err != nil {
		t.summary = false
		return &failure{code: exitFailed, err: err}
	}
	l, done, err := openLasting(a, func() (*intercept.Listener, error) { return intercept.Listen(addr, lo) })
	if err != nil {
		t.summary = false
		return &failure{code: exitFailed, err: err}
	}
	defer done()
	defer l.Close()
	o.announce(ctx, &warner{w: s.err}, l.Local(), upstream, front)
	return t.serve(ctx, l, upstream)
}

// announce says where clients can connect, and who may.
func (o *options) announce(ctx context.Context, w *warner, at intercept.Addr, upstream intercept.Upstream, front front) {
	if o.serve.upstream != nil {
		o.announceServed(w, at, front)
		return
	}
	switch err := reach(ctx, upstream); {
	case errors.Is(err, fs.ErrPermission):
		w.warn(hinted{err, permissionHint(socketPath(upstream.Addr))})
	case ctx.Err() != nil:
		return
	case err != nil:
		w.warn(hinted{fmt.Errorf("%w; it may come later", err), cmp.Or(tlsHint(err), sshHint(upstream))})
	}
	w.warn(fmt.Errorf("listening on %s for %s", at, upstream.Addr))
	warnCredentials(w, upstream)
	switch {
	case at.Abstract():
		w.warn(errors.New("every user of this machine can do by this address all that the daemon lets you do"))
		w.warn(fmt.Errorf("try: %s", tryIt(at, upstream.Addr, o.upstream == "")))
	case at.Network == "unix", at.Network == "npipe":
		w.warn(fmt.Errorf("try: %s", tryIt(at, upstream.Addr, o.upstream == "")))
	case front.tls != nil:
		front.announce(w, at)
	case o.expose:
		w.warn(errors.New("whoever reaches this address can do all that the daemon lets you do"))
	default:
		w.warn(errors.New("every user of this machine can do by this address all that the daemon lets you do"))
	}
}

// serve relays the clients of l until ctx ends.
func (t *trace) serve(ctx context.Context, l *intercept.Listener, upstream intercept.Upstream) error {
	p := t.proxy(l, upstream, t.warn)
	go func() {
		select {
		case <-ctx.Done():
		case <-t.gone:
			// Nobody looks any more. Those who are connected are served
			// to their end.
			p.Drain(ctx)
		}
	}()
	if err := p.Serve(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return &failure{code: exitFailed, err: err}
	}
	l.Close()
	return t.end()
}

// checkListen says early why it cannot be listened on a, until ctx ends.
func checkListen(ctx context.Context, a intercept.Addr, o intercept.ListenOptions) error {
	_, err := openfile.Interruptibly(ctx, func() (io.Closer, error) { return io.NopCloser(nil), intercept.CheckListen(a, o) })
	switch {
	case errors.Is(err, intercept.ErrExposed):
		return &failure{code: exitUsage, err: err, hint: "tcp://127.0.0.1:2375 is for this machine alone; --allow-remote lets in who has a certificate, --expose everybody"}
	case err != nil:
		f := &failure{code: exitFailed, err: err}
		if meant := absolute(a); meant != "" && errors.Is(err, fs.ErrNotExist) {
			f.hint = "did you mean " + meant + "?"
		}
		return f
	}
	return nil
}

// listenAddr returns where to listen: what the flag says, or a socket in a
// folder of the user's own.
func listenAddr(flag string, getenv func(string) string) (intercept.Addr, error) {
	if flag != "" {
		return intercept.ParseAddr(flag)
	}
	dir := getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = os.TempDir()
	}
	return intercept.Addr{Network: "unix", Address: filepath.Join(dir, "socktrace.sock")}, nil
}

// socketPath returns the path of a unix socket, or "".
func socketPath(a intercept.Addr) string {
	if a.Network != "unix" {
		return ""
	}
	return a.Address
}

// spellings returns a path from the root, and without symbolic links if there are some;
// nothing for that of a socket which has no file.
func spellings(path string) (all []string) {
	if path == "" || strings.HasPrefix(path, "@") {
		return nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	all = []string{abs}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		all = append(all, real)
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil { // it may not be there yet
		all = append(all, filepath.Join(dir, filepath.Base(abs)))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
