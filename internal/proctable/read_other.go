//go:build !linux

package proctable

import "github.com/socktrace/socktrace/wire"

// started knows of no process.
func started(int) (string, bool) { return "", false }

func read(int) (f wire.ProcessFacts) { return f }
