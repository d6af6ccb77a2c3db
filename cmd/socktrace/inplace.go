package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/plural"
)

// inPlaceGrace is how long open connections may go on after the place was given
// back.
const inPlaceGrace = 5 * time.Second

// listenInPlace runs the command in the place of the socket that the flag names.
func listenInPlace(o *options, src source, s std) error {
	said := o.tls.options()
	switch {
	case o.listen != "":
		return &failure{code: exitUsage, err: errors.New("--in-place and --listen exclude each other: the socket is where to listen")}
	case o.upstream != "":
		return &failure{code: exitUsage, err: errors.New("--in-place and --upstream exclude each other: the socket's daemon is the upstream")}
	case o.context != "":
		return &failure{code: exitUsage, err: errors.New("--in-place and --context exclude each other: the socket's daemon is the upstream")}
	case o.wait.on:
		return &failure{code: exitUsage, err: errors.New("--in-place and --wait exclude each other: there is no place to take without a socket")}
	case o.front != listenTLS{} || said.Given() || o.keylog != "":
		return &failure{code: exitUsage, err: errors.New("--in-place is for a unix socket, and no TLS is spoken on one")}
	case o.expose:
		return &failure{code: exitUsage, err: errors.New("--in-place and --expose exclude each other: a unix socket cannot be reached from other machines")}
	}
	path, err := inPlacePath(o.inPlace)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	if err := o.checkOTLPAt(intercept.Addr{Network: "unix", Address: path}, s.getenv); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	a := untilSignal()
	defer a.stop()
	ignoreBrokenPipe()
	_, checked, err := openLasting(a, func() (io.Closer, error) { return io.NopCloser(nil), intercept.CheckInPlace(path) })
	checked()
	if err != nil { // before outputs are written over
		return inPlaceFailure(path, err)
	}
	if at, err := filepath.Abs(path); err == nil {
		o.daemonFacts.Daemon = "unix://" + at // where it is again when we have gone
	}
	o.audit.sockets = spellings(path)
	t, err := newTrace(a.ctx, o, src, s)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer t.close()
	w := &warner{w: s.err}
	l, done, err := openLasting(a, func() (*intercept.InPlace, error) {
		return intercept.OpenInPlace(path, intercept.InPlaceOptions{Warn: w.warn})
	})
	if err != nil {
		t.summary = false
		return inPlaceFailure(path, err)
	}
	defer done()
	defer l.Close()
	announceInPlace(w, l)
	return t.serveInPlace(a.ctx, l, w)
}

// inPlacePath returns the path that a flag or an argument names, which may be the
// address of a socket.
func inPlacePath(s string) (string, error) {
	if !strings.Contains(s, "://") {
		if s == "" {
			return "", errors.New("no path of a socket")
		}
		return s, nil
	}
	a, err := intercept.ParseAddr(s)
	if err == nil && a.Network != "unix" {
		err = fmt.Errorf("%s: only a unix socket has a place that can be taken", a)
	}
	return a.Address, err
}

// inPlaceFailure says why a place cannot be had, and what to do.
func inPlaceFailure(path string, err error) error {
	f := &failure{code: exitFailed, err: err}
	var taken *intercept.InPlaceError
	switch {
	case errors.Is(err, context.Canceled):
		return nil // it was asked to end
	case errors.As(err, &taken) && taken.PID != 0:
		f.hint = fmt.Sprintf("kill %d ends it, and it gives the place back", taken.PID)
	case errors.Is(err, fs.ErrPermission):
		f.hint = "run it with sudo"
	case errors.Is(err, fs.ErrNotExist):
		f.hint = "is the daemon running?"
	}
	return f
}

// announceInPlace says what was done, and how to undo it by hand.
func announceInPlace(w *warner, l *intercept.InPlace) {
	path, aside := l.Local().Address, l.Aside()
	w.warn(fmt.Errorf("in place of %s; the daemon's own socket is %s", path, aside))
	w.warn(fmt.Errorf("the end gives it back; if this process is killed: socktrace restore %s, or: mv -f %s %[1]s", shellWords([]string{path}), shellWords([]string{aside})))
	warnCredentials(w, l.Upstream())
}

// serveInPlace relays the clients until ctx ends. Then the daemon has its place again
// before anything is waited for, and who is connected has some seconds.
func (t *trace) serveInPlace(ctx context.Context, l *intercept.InPlace, w *warner) error {
	p := t.proxy(l, l.Upstream(), t.warn)
	served := make(chan error, 1)
	go func() { served <- p.Serve(context.Background()) }()
	select {
	case err := <-served:
		l.Close()
		return &failure{code: exitFailed, err: err}
	case <-ctx.Done():
	case <-t.gone: // nobody looks any more
	}
	backErr := l.Close()
	if backErr != nil {
		w.warn(backErr)
	} else {
		w.warn(fmt.Errorf("%s is the daemon's again%s", l.Local().Address, goesOn(p.Open(), ctx.Err() != nil)))
	}
	t.drain(ctx, p)
	err := <-served
	switch {
	case err != nil:
		return &failure{code: exitFailed, err: err}
	case backErr != nil:
		t.close()
		return &failure{code: exitFailed}
	}
	return t.end()
}

// goesOn says what becomes of the connections that are open at the end.
func goesOn(n int, asked bool) string {
	switch {
	case n == 0:
		return ""
	case asked:
		return fmt.Sprintf("; %s may go on for %v", plural.Of(int64(n), "open connection"), inPlaceGrace)
	}
	return fmt.Sprintf("; %s may go on", plural.Of(int64(n), "open connection"))
}

// drain has those who are connected go on: for some time if the program was asked to
// end, else to their end.
func (t *trace) drain(ctx context.Context, p *intercept.Proxy) {
	limit, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		late := time.NewTimer(inPlaceGrace)
		defer late.Stop()
		select {
		case <-late.C:
			cancel()
		case <-limit.Done():
		}
	})()
	p.Drain(limit)
}

// warnCredentials says so where a daemon goes by who connects: that is us.
func warnCredentials(w *warner, upstream intercept.Upstream) {
	if name := intercept.ReadsCredentials(upstream.Addr); name != "" {
		w.warn(fmt.Errorf("%s judges by the user of the process that connects, and sees this one's: whoever connects here can do there what user %d can", name, os.Geteuid()))
	}
}
