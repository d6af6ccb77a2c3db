//go:build !unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
)

// passedOn are the signals that the command gets from us.
var passedOn []os.Signal

func notIgnored(signals []os.Signal) []os.Signal { return signals }

// runChild runs cmd to its end. It returns an error only if cmd cannot be
// started. The console interrupts the command as well as us; we wait for it.
func runChild(cmd *exec.Cmd, _ []os.Signal) (exit, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
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
