package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept/strace"
)

// viaFlags adds the flags of run that have strace see what is said, without a socket of
// ours.
func (o *options) viaFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.via, "via", "", "have `PROGRAM` see what is said: strace, which needs no DOCKER_HOST (Linux)")
	f.IntSliceVar(&o.pids, "pid", nil, "instead of a command, trace the process `N` by strace until interrupted")
	complete(cmd, "via", "strace")
	complete(cmd, "pid")
}

// isVia reports whether a program sees what is said, and no socket of ours.
func (o *options) isVia() bool { return o.via != "" || len(o.pids) > 0 }

// checkVia looks at what those flags mean together.
func (o *options) checkVia(args []string) error {
	switch {
	case o.via != "" && o.via != "strace":
		return fmt.Errorf("--via %q: not strace", o.via)
	case o.upstream != "":
		return errors.New("--upstream has no meaning with strace: the command talks to whom it wants")
	case len(o.env) > 0:
		return errors.New("--env has no meaning with strace: no variable is set for the command")
	case len(o.faults.rules) > 0:
		return errors.New("--fault has no meaning with strace: nothing that is said goes through socktrace")
	case len(o.pids) > 0 && len(args) > 0:
		return fmt.Errorf("--pid and a command (%s) exclude each other", args[0])
	}
	for _, pid := range o.pids {
		if pid <= 0 {
			return fmt.Errorf("--pid %d: not the number of a process", pid)
		}
	}
	return nil
}

// straceCalls are the system calls that strace is to show. Those with a question mark
// are not there on every machine, or in every version.
var straceCalls = []string{
	"read", "readv", "?preadv2", "write", "writev", "?pwritev2", "sendfile", "splice",
	"?recv", "recvfrom", "recvmsg", "?recvmmsg", "?recvmmsg_time64", "?send", "sendto", "sendmsg", "?sendmmsg",
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "getpeername", "shutdown",
	"dup", "?dup2", "dup3", "fcntl", "?fcntl64", "close", "?close_range",
	"clone", "?clone3", "?fork", "?vfork", "unshare", "execve", "execveat", "exit", "exit_group", "?io_uring_setup",
}

// straceString is how many bytes of a buffer strace is to show. It shows as many for each
// write that takes a part of a large buffer, so that more would cost more.
const straceString = 1 << 20

// straceArgs returns what strace is called with, to write to a file, in front of what it
// is to trace.
func straceArgs(out string) []string {
	return []string{"-f", "-q", "-ttt", "-T", "-yy", "-s", strconv.Itoa(straceString), "-e", "trace=" + strings.Join(straceCalls, ","), "-e", "signal=none", "-o", out}
}

// straceMissing is what there is to say if there is no strace.
func straceMissing() error {
	return &failure{code: exitRun, err: errors.New("strace is not installed"),
		hint: "its package is called strace: apt install strace, dnf install strace, apk add strace, pacman -S strace"}
}

// viaSilence says why strace may have seen no connection.
func viaSilence(w *warner, what string, stats *strace.Stats) {
	w.warn(fmt.Errorf("%s made no connection that speaks HTTP", what))
	if stats.IOUring {
		w.warn(errors.New("hint: it uses io_uring, of which strace shows nothing; socktrace listen can stand in between"))
	}
}

// losesRights says that a program gets fewer rights when it is traced: those of its owner
// are for root to trace.
func losesRights(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&(os.ModeSetuid|os.ModeSetgid) == 0 || os.Geteuid() == 0 {
		return nil
	}
	return fmt.Errorf("%s has not the rights of its owner while it is traced: run socktrace itself with sudo", filepath.Base(path))
}
