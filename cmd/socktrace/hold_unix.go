//go:build linux || darwin

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// isRaw reports whether a program reads the terminal's keys as they are typed,
// without echo: it draws the screen itself.
func isRaw(tty *os.File) bool {
	t, err := unix.IoctlGetTermios(int(tty.Fd()), getTermios)
	return err == nil && t.Lflag&(unix.ICANON|unix.ECHO) == 0
}
