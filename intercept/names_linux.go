package intercept

import (
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// names tells the names of processes. It keeps the file of the last one open: a daemon
// is the same for each connection, and so are many clients. The zero value is ready for
// use. Its methods may be called concurrently.
type names struct {
	mu   sync.Mutex
	pid  int // of the last process; 0: there is none
	comm int // its file of that name: of this very process, not of a later one with its number
}

// maxName is more than the name of a process may have, in bytes (proc_pid_comm(5)).
const maxName = 64

// of returns the name of a process, empty if that has gone already. It asks the kernel
// as directly as can be: a client waits meanwhile.
func (n *names) of(pid int) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pid == pid {
		if name := nameIn(n.comm); name != "" {
			return name
		}
	}
	n.forget()
	comm, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/comm", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	n.pid, n.comm = pid, comm
	return nameIn(comm)
}

// nameIn returns what the file of a name says now, nothing if its process has gone.
func nameIn(comm int) string {
	var name [maxName]byte
	size, err := unix.Pread(comm, name[:], 0)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(name[:size]), "\n")
}

// close closes what is open.
func (n *names) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forget()
}

// forget is close with n.mu held.
func (n *names) forget() {
	if n.pid != 0 {
		_ = unix.Close(n.comm)
		n.pid = 0
	}
}
