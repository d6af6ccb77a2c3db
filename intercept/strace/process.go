package strace

import (
	"container/list"
	"slices"
	"time"
)

// process is one, with all its threads.
type process struct {
	pid  int    // 0: not known
	name string // short; empty: not known
}

// task is a thread.
type task struct {
	tid     int
	process *process
	files   *files
	begun   *begun // a call that has not returned
	born    int64  // the line that it was first seen in
	dying   bool   // its process ends, and it with that call
	recent  *list.Element
}

// begun is a call that was seen to begin.
type begun struct {
	name  string
	args  []byte
	at    time.Time
	born  int64 // the line that it began in
	child *task // that it has made, if its lines came before the end of the call
	write *conn // that it writes to: what is read there meanwhile waits
}

// files is a table of descriptors, which threads share. Only sockets are in it.
type files struct {
	users int
	fds   map[int]held
	late  bool // processes had it before they were traced
}

// held is a socket that a descriptor refers to.
type held struct {
	socket  *socket
	cloexec bool
}

// some returns the descriptors for which is reports true, in order.
func (f *files) some(is func(fd int, h held) bool) (fds []int) {
	for fd, h := range f.fds {
		if is(fd, h) {
			fds = append(fds, fd)
		}
	}
	slices.Sort(fds)
	return fds
}

func newFiles() *files { return &files{fds: make(map[int]held)} }
