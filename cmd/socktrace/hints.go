package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/intercept"
)

// upstreamHint says what to do about a daemon that cannot be talked to.
func upstreamHint(err error, u intercept.Upstream) string {
	a := u.Addr
	if path := socketPath(a); path != "" && errors.Is(err, fs.ErrPermission) {
		return permissionHint(path)
	}
	if meant := absolute(a); meant != "" && errors.Is(err, fs.ErrNotExist) {
		return "did you mean " + meant + "?"
	}
	if hint := tlsHint(err); hint != "" {
		return hint
	}
	if hint := sshHint(u); hint != "" {
		return hint
	}
	if base := a.Base(); base != "" { // the docker CLI takes a path alone for one of TCP
		if info, err := os.Stat(base); err == nil && info.Mode()&fs.ModeSocket != 0 {
			return "there is a socket at that path: did you mean unix://" + base + "?"
		}
	}
	return "is the daemon running? --upstream names another"
}

// absolute returns the address that was probably meant by one of a path from the working
// directory, as unix://tmp/s is: a slash is missing if there is such a folder. Empty: none.
func absolute(a intercept.Addr) string {
	p := socketPath(a)
	if p == "" || filepath.IsAbs(p) || strings.HasPrefix(p, "@") || strings.HasPrefix(p, ".") {
		return ""
	}
	if info, err := os.Stat(filepath.Dir("/" + p)); err != nil || !info.IsDir() || filepath.Dir(p) == "." {
		return ""
	}
	return "unix:///" + p
}

// sshHint names the command that has to work by hand for a daemon to be reached by ssh;
// empty if it is not.
func sshHint(u intercept.Upstream) string {
	i := slices.Index(u.Command, "system") // of docker system dial-stdio
	if i < 0 {
		return ""
	}
	return "try whether this works: " + shellWords(append(slices.Clone(u.Command[:i]), "version"))
}

// permissionHint says how to come to use the socket at path, which this user may
// not.
func permissionHint(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "run it with sudo: a folder of the socket is closed to this user"
	}
	gid, known := groupOf(info)
	if !known || gid == 0 || info.Mode().Perm()&0o020 == 0 {
		return "run it with sudo: the socket is for its owner alone"
	}
	name := strconv.Itoa(gid)
	if g, err := user.LookupGroupId(name); err == nil {
		name = g.Name
	}
	if me, err := user.Current(); err == nil {
		if groups, err := me.GroupIds(); err == nil && slices.Contains(groups, strconv.Itoa(gid)) {
			return fmt.Sprintf("this user is in group %s since after this login: log in again, or newgrp %[1]s", name)
		}
	}
	return fmt.Sprintf("the socket belongs to group %s: sudo usermod -aG %[1]s $USER and log in again, or run it with sudo", name)
}

// tryIt is a command that talks over a socket that we listen on to a daemon: that of
// the docker CLI, or one of which its address says what it is.
func tryIt(at intercept.Addr, upstream intercept.Addr, docker bool) string {
	name := upstream.Address
	switch upstream.Network {
	case "unix":
		name = path.Base(name)
	case "tcp", "https":
		_, port, _ := net.SplitHostPort(upstream.HostPort())
		docker = docker || port == "2375" || port == "2376"
	case "ssh": // by docker system dial-stdio
		docker = true
	}
	switch {
	case docker, strings.Contains(name, "docker"):
		return fmt.Sprintf("docker -H %s version", at)
	case strings.Contains(name, "podman"):
		return fmt.Sprintf("podman --url %s version", at)
	}
	if at.Abstract() {
		return "curl --abstract-unix-socket " + shellWords([]string{at.Address[1:]}) + " http://localhost/"
	}
	return "curl --unix-socket " + shellWords([]string{at.Address}) + " http://localhost/"
}

// explainSilence says why a command may have made no connection.
func explainSilence(w *warner, args []string, upstream intercept.Upstream) {
	w.warn(hinted{fmt.Errorf("%s made no connection to %s", args[0], upstream.Addr), silenceHint(filepath.Base(args[0]), args[1:])})
}

func silenceHint(program string, args []string) string {
	for i, a := range args {
		docker, behind := isDocker(program), i > 0 && !strings.HasPrefix(args[i-1], "-")
		if docker && !strings.HasPrefix(a, "-") && (i == 0 || behind) {
			break // what follows is the command's
		}
		name, _, _ := strings.Cut(a, "=")
		if name == "-c" && !docker {
			continue // a shell's
		}
		switch name {
		case "-H", "--host", "-c", "--context":
			return name + " names a daemon past DOCKER_HOST; use socktrace run --upstream instead"
		}
	}
	switch program {
	case "podman":
		return "podman has a daemon with --remote only: socktrace run --env CONTAINER_HOST -- podman --remote ps"
	case "sudo":
		return "sudo takes DOCKER_HOST away: sudo socktrace run -- " + shellWords(args)
	}
	return "it may not need the daemon, or not look at DOCKER_HOST (--env sets other variables; " + forAll() + " is for what looks at none)"
}

// forAll is what traces whoever looks at no variable.
func forAll() string {
	if runtime.GOOS == "linux" {
		return "run --via strace"
	}
	return "socktrace listen"
}

// restHint says where the rest is of what a person was shown a short view of who
// did not ask for that; empty if that is not so.
func (o *options) restHint(out *output, records string) string {
	if out == nil || !out.terminal || o.quiet || o.format != "text" || o.all || o.heads != "" || o.bodies != "" {
		return ""
	}
	hint := "short view: --all shows everything"
	if records != "" && o.har == "" {
		hint += ", " + records
	}
	return hint
}
