//go:build !unix

package main

import (
	"errors"
	"os"
	"os/exec"
)

// passedOn are the signals that the command gets from us.
var passedOn []os.Signal

func notIgnored(signals []os.Signal) []os.Signal { return signals }

// runChild runs cmd to its end. It returns an error only if cmd cannot be
// started. The console interrupts the command as well as us; we wait for it. If the
// program was asked to end before, cmd does not run.
func runChild(cmd *exec.Cmd, a *asked, _ func() *os.Process) (exit, error) {
	end, by := a.passTo(func(os.Signal) {})
	defer end()
	if by != nil {
		return exit{code: exitFailed}, nil
	}
	if err := cmd.Start(); err != nil {
		return exit{}, err
	}
	err := cmd.Wait()
	var ee *exec.ExitError
	if err != nil && !errors.As(err, &ee) {
		return exit{}, err
	}
	return exit{code: cmd.ProcessState.ExitCode()}, nil
}

func (e exit) dieAlike() {}

func dieBy(os.Signal) {}

func ignoreBrokenPipe() {}
