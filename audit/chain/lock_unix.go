//go:build unix

package chain

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps other processes that would write a chain from a file until it is closed; false
// if one has it. Where the file system knows no locks nobody is kept.
func lock(f *os.File) bool {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return !errors.Is(err, syscall.EWOULDBLOCK)
}
