//go:build unix

package main

import (
	"io/fs"
	"syscall"
)

// groupOf returns the number of the group that a file belongs to.
func groupOf(info fs.FileInfo) (gid int, known bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(st.Gid), true
}
