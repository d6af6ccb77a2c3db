package main

import (
	"context"
	"errors"
	"net"
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

// commandPatience is that of a command which carries the connection, ssh, if it has no
// terminal to ask something on.
const commandPatience = 5 * time.Second

// reach returns why nobody could talk to the daemon, as far as that is known soon:
// nil promises nothing. It connects to a daemon on TCP, or by ssh, of which there is no
// other way to know. A person may answer what ssh asks, for which it has all the time
// until ctx ends.
func reach(ctx context.Context, u intercept.Upstream) error {
	err := u.Check()
	if err != nil || !u.Addr.TCP() && u.Command == nil {
		return err
	}
	patience := reachPatience
	if u.Command != nil {
		if patience = commandPatience; hasTerminal() {
			patience = time.Hour
		}
	}
	trying, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if u.Command != nil {
		err = u.Try(trying)
	} else {
		var c net.Conn
		if c, err = u.Dial(trying); err == nil {
			c.Close()
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case trying.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded):
		return nil // it is slow
	}
	return err
}

// hasTerminal reports whether there is a terminal that a command can ask something on.
func hasTerminal() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	tty.Close()
	return true
}

// noTLSHint says what to do if TLS cannot be spoken as it was asked for.
func noTLSHint(err error) string {
	var file *dockercli.FileError
	switch {
	case errors.Is(err, dockercli.ErrNoTLS):
		return "TLS is for daemons on TCP: --upstream tcp://HOST:2376 names one; for this one leave --tls… out"
	case !errors.As(err, &file):
		return ""
	case file.CA:
		return "--tlscacert FILE names the CA to trust, or DOCKER_CERT_PATH the folder with ca.pem; --tls alone trusts any"
	}
	return "--tlscert FILE and --tlskey FILE name the certificate to show and its key, or DOCKER_CERT_PATH the folder with cert.pem and key.pem"
}

// maxNamed is how many contexts are listed in a message.
const maxNamed = 20

// upstreamFailure says why the daemon is not known; of a context that there is not,
// which there are.
func upstreamFailure(code int, err error) *failure {
	f := &failure{code: code, err: err, hint: noTLSHint(err)}
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
