//go:build unix

package openfile

import (
	"errors"
	"os"
	"syscall"
)

// Lock keeps other processes that ask for it too from a file until it is closed; false if
// one has it. It is a lock of flock(2), which the end of a process lets go of. Where the
// file system knows no locks nobody is kept.
func Lock(f *os.File) bool {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return !errors.Is(err, syscall.EWOULDBLOCK)
}
