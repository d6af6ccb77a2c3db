//go:build !unix

package main

import (
	"errors"
	"os"
)

func openOwn(string) (*os.File, error) { return nil, errors.ErrUnsupported }

// tryLock never gets a lock: nothing is swept.
func tryLock(*os.File) bool { return false }

// isTaken returns false: nobody gets a lock.
func isTaken(*os.File) bool { return false }
