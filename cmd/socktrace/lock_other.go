//go:build !unix

package main

import (
	"errors"
	"os"
)

func openOwn(string) (*os.File, error) { return nil, errors.ErrUnsupported }

// tryLock never gets a lock: nothing is swept.
func tryLock(*os.File) error { return errors.ErrUnsupported }
