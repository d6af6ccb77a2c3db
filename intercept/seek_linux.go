package intercept

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"github.com/socktrace/socktrace/wire"
)

// canSeek reports whether this system says whose sockets of TCP are.
const canSeek = true

// maxLinks bounds how many open files are looked at for one socket.
const maxLinks = 8 << 10

// ownerOf returns the process that has the socket which is connected from here to there
// open: one of recent, else the newest one. nil if there is none that this user may see.
func ownerOf(here, there *net.TCPAddr, recent []int) *wire.Process {
	inode, uid := inodeOf(here, there)
	if inode == 0 {
		return nil
	}
	link := "socket:[" + strconv.FormatUint(uint64(inode), 10) + "]"
	left := maxLinks
	for _, pid := range recent {
		if hasOpen(pid, link, &left) {
			return named(pid, uid)
		}
	}
	for _, pid := range newest() {
		if left <= 0 {
			return nil
		}
		if !slices.Contains(recent, pid) && hasOpen(pid, link, &left) {
			return named(pid, uid)
		}
	}
	return nil
}

// newest returns the processes, those with the highest numbers first.
func newest() []int {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1) // as many as there are
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	slices.Reverse(pids)
	return pids
}

// hasOpen reports whether a process has an open file that is called link. It takes what
// it looks at off left.
func hasOpen(pid int, link string, left *int) bool {
	folder := "/proc/" + strconv.Itoa(pid) + "/fd"
	f, err := os.Open(folder)
	if err != nil {
		return false // gone, or of another user
	}
	defer f.Close()
	names, _ := f.Readdirnames(*left)
	*left -= len(names) + 1
	var buf [64]byte
	for _, name := range names {
		n, err := syscall.Readlink(filepath.Join(folder, name), buf[:])
		if err == nil && string(buf[:n]) == link {
			return true
		}
	}
	return false
}

// named returns a process, with its name if it is still there.
func named(pid int, uid uint32) *wire.Process {
	var n names
	defer n.close()
	return &wire.Process{PID: pid, UID: int(uid), Name: n.of(pid)}
}
