package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/socktrace/socktrace/dockercli"
	"github.com/socktrace/socktrace/intercept"
)

// findUpstream returns the daemon that --upstream or --context names; or the variables
// of --env, to which the command would have gone without us; or that of the docker CLI.
func (o *options) findUpstream(getenv func(string) string) (intercept.Upstream, error) {
	home, _ := os.UserHomeDir() // without one there are no contexts
	if o.context != "" {
		return dockercli.Context(o.context, getenv, home)
	}
	if o.upstream == "" {
		for _, name := range o.env {
			if addr, err := intercept.ParseAddr(hostIn(name, getenv)); err == nil {
				return dockercli.Upstream(only("DOCKER_HOST", addr.String()), home)
			}
		}
		return dockercli.Upstream(getenv, home)
	}
	addr, err := intercept.ParseAddr(o.upstream)
	if err != nil {
		return intercept.Upstream{}, err
	}
	// A TCP daemon may want TLS, which the environment says, as for docker -H.
	return dockercli.Upstream(overlay(getenv, map[string]string{"DOCKER_HOST": addr.String()}), home)
}

// only is an environment of one variable.
func only(name, value string) func(string) string {
	return func(n string) string {
		if n == name {
			return value
		}
		return ""
	}
}

// hostIn returns the daemon that a variable names, or where the client that looks
// at it goes without it; empty if it is not known.
func hostIn(name string, getenv func(string) string) string {
	if host := getenv(name); host != "" || name != "CONTAINER_HOST" {
		return host
	}
	for _, dir := range []string{getenv("XDG_RUNTIME_DIR"), "/run"} {
		path := filepath.Join(dir, "podman", "podman.sock")
		if _, err := os.Stat(path); err == nil && filepath.IsAbs(path) {
			return "unix://" + path
		}
	}
	return ""
}

// reachPatience is how long a daemon on TCP may take to be known to be there.
const reachPatience = time.Second

// reach returns why nobody could talk to the daemon, as far as that is known at
// once: nil promises nothing. It connects to a daemon on TCP, of which there is no
// other way to know.
func reach(u intercept.Upstream) error {
	if err := u.Check(); err != nil || !u.Addr.TCP() {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), reachPatience)
	defer cancel()
	c, err := u.Dial(ctx)
	switch {
	case err == nil:
		c.Close()
	case ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded):
		return nil // it is slow
	}
	return err
}

// maxNamed is how many contexts are listed in a message.
const maxNamed = 20

// upstreamFailure says why the daemon is not known; of a context that there is not,
// which there are.
func upstreamFailure(code int, err error) *failure {
	f := &failure{code: code, err: err}
	var none *dockercli.NoContextError
	if !errors.As(err, &none) {
		return f
	}
	known := none.Known[:min(len(none.Known), maxNamed)]
	f.hint = "there are " + strings.Join(known, ", ")
	if len(known) == 1 {
		f.hint = "there is none but " + known[0]
	}
	if meant := near(none.Name, none.Known); meant != "" {
		f.hint = "did you mean " + meant + "? " + f.hint
	}
	if len(known) < len(none.Known) {
		f.hint += ", …"
	}
	return f
}
