//go:build profile

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
)

// A program that is built with the tag profile writes what it spends its time on
// into the folder that SOCKTRACE_PROFILE names: the compiler makes use of it (see
// "make profile").
func init() {
	f, err := os.Create(filepath.Join(os.Getenv("SOCKTRACE_PROFILE"), strconv.Itoa(os.Getpid())+".prof"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	end = func(code int) {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(code)
	}
}
