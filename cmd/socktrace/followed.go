package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/socktrace/socktrace/dockercli"
	"github.com/socktrace/socktrace/intercept"
)

// followed is a docker command whose flags name the daemon: that is our upstream, and
// the command gets flags that name our socket.
type followed struct{ args dockerArgs }

// upstreamFor returns the daemon that a command would have talked to, and how it is
// followed there; nil if its arguments stay what they are.
func (o *options) upstreamFor(args []string, getenv func(string) string) (intercept.Upstream, *followed, error) {
	d, ok := o.toFollow(args)
	if !ok {
		u, err := o.daemon(getenv)
		return u, nil, err
	}
	find := d.upstream
	if o.serve.upstream != nil {
		find = o.daemon
	}
	u, err := find(getenv)
	if err != nil || !d.names() { // --config alone
		return u, nil, err
	}
	return u, &followed{d}, nil
}

// toFollow returns what the arguments of a command say, if it can be followed: a docker
// command, where nobody named another daemon to us.
func (o *options) toFollow(args []string) (dockerArgs, bool) {
	if !isDocker(args[0]) || o.upstream != "" || o.context != "" {
		return dockerArgs{}, false
	}
	d, ok := parseDockerArgs(args)
	if !ok || !d.names() && d.config == "" {
		return dockerArgs{}, false
	}
	return d, true
}

// upstream returns the daemon that the command would have talked to.
func (d *dockerArgs) upstream(getenv func(string) string) (intercept.Upstream, error) {
	home, _ := os.UserHomeDir()
	find := func(getenv func(string) string) (intercept.Upstream, error) { return d.find(getenv, home) }
	if _, ok := d.certFolder(); !ok {
		said := dockercli.TLSOptions{TLS: d.tls, Verify: d.verify, CA: d.ca, Cert: d.cert, Key: d.key}
		return said.Find(d.configured(getenv), home, find)
	}
	return find(d.environ(getenv))
}

// find is that in an environment which says of TLS what the flags do.
func (d *dockerArgs) find(getenv func(string) string, home string) (intercept.Upstream, error) {
	switch {
	case len(d.hosts) > 0:
		u, err := dockercli.Host(d.hosts[0], getenv, home)
		if err != nil {
			err = fmt.Errorf("docker -H: %w", err)
		}
		return u, err
	case d.context != nil && *d.context != "":
		return dockercli.Context(*d.context, getenv, home)
	}
	return dockercli.Upstream(getenv, home)
}

// command returns the arguments of the command that talks to our socket.
func (f *followed) command(args []string, at intercept.Addr) []string {
	if f == nil {
		return args
	}
	return f.args.at(at.String())
}

// withoutOurs returns the arguments of a command without the flag that names our socket.
func withoutOurs(args []string, at intercept.Addr) []string {
	if i := slices.Index(args, at.String()); i > 0 && args[i-1] == "-H" {
		return slices.Concat(args[:i-1], args[i+1:])
	}
	return args
}

// tell says what is followed.
func (f *followed) tell(w *warner, upstream intercept.Upstream) {
	if f == nil {
		return
	}
	to := ""
	if len(f.args.hosts) == 0 || f.args.hosts[0] != upstream.Addr.String() {
		to = " to " + upstream.Addr.String()
	}
	w.warn(fmt.Errorf("following %s%s", f.args.said(), to))
}
