//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// passedOn are the signals that the command gets from us.
var passedOn = []os.Signal{
	syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGHUP,
	syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH, syscall.SIGCONT,
}

// notIgnored returns those signals that our caller does not have us ignore, as
// nohup does: the command is to ignore them too, and one that is caught is not
// inherited.
func notIgnored(signals []os.Signal) []os.Signal {
	return slices.DeleteFunc(slices.Clone(signals), signal.Ignored)
}

// fromTerminal are those that a terminal sends to every process in its
// foreground, the command as well as us.
var fromTerminal = map[os.Signal]bool{
	syscall.SIGINT: true, syscall.SIGQUIT: true, syscall.SIGHUP: true, syscall.SIGWINCH: true, syscall.SIGCONT: true,
}

// runChild runs cmd to its end, and passes signals on to it, or to what process returns
// instead, if that is not nil. It returns an error only if cmd cannot be started. If the
// program was asked to end before, that is how cmd ended.
//
// The command stays in our process group, so that it keeps the terminal and
// shells can stop and continue us together. Then a signal from the terminal
// reaches it without us, and passing it on would deliver it twice.
func runChild(cmd *exec.Cmd, a *asked, process func() *os.Process) (exit, error) {
	if process == nil {
		process = func() *os.Process { return cmd.Process }
	}
	started := make(chan struct{})
	end, by := a.passTo(func(s os.Signal) {
		<-started
		if p := process(); p != nil && (!fromTerminal[s] || !inForeground()) {
			_ = p.Signal(s) // it may have ended
		}
	})
	defer end()
	if by != nil {
		close(started)
		return exit{code: 128 + int(by.(syscall.Signal)), signal: by}, nil
	}
	err := cmd.Start()
	close(started)
	if err != nil {
		return exit{}, err
	}
	err = cmd.Wait()
	var ee *exec.ExitError
	if err != nil && !errors.As(err, &ee) {
		return exit{}, err
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return exit{code: 128 + int(status.Signal()), signal: status.Signal()}, nil
	}
	return exit{code: cmd.ProcessState.ExitCode()}, nil
}

// inForeground reports whether we are in the foreground of a terminal.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	pgrp, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && pgrp == unix.Getpgrp()
}

// dieAlike ends this process by the signal that ended the command, if that
// would not leave a core dump or a stack trace.
func (e exit) dieAlike() {
	switch e.signal {
	case syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGKILL:
		dieBy(e.signal)
	}
}

// dieBy ends this process by a signal that was not ignored when it began.
func dieBy(s os.Signal) {
	signal.Reset(s)
	_ = syscall.Kill(os.Getpid(), s.(syscall.Signal))
	time.Sleep(time.Second) // the signal may take a moment
}

// ignoreBrokenPipe makes writing to a closed pipe an error: without it the
// process would die, and the traffic with it.
//
// The signal is caught, not ignored: the command would inherit that.
func ignoreBrokenPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
