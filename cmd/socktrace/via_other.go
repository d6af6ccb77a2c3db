//go:build !linux

package main

import "errors"

// runVia fails: there is strace only on Linux.
func runVia(*options, source, std, []string) error {
	return &failure{code: exitRun, err: errors.New("--via strace and --pid are only on Linux")}
}
