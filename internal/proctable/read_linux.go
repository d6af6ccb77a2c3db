package proctable

import (
	"os"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// tellsContainers says that it is known of a process whether it is in a container.
const tellsContainers = true

// stat is what /proc/PID/stat tells: see proc_pid_stat(5).
type stat struct {
	name   string
	parent int
	start  string // in ticks of the clock since the system was started
}

// statOf reads it; false if there is no such process.
func statOf(pid int) (s stat, ok bool) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return s, false
	}
	text := string(b)
	open, closed := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')') // the name may have any in it
	if open < 0 || closed < open {
		return s, false
	}
	fields := strings.Fields(text[closed+1:])
	if len(fields) < 20 {
		return s, false
	}
	s.name, s.start = text[open+1:closed], fields[19]
	s.parent, err = strconv.Atoi(fields[1])
	return s, err == nil
}

// started returns when a process was started, in whatever unit.
func started(pid int) (string, bool) {
	s, ok := statOf(pid)
	return s.start, ok
}

// read reads what is known of a process but for its user.
func read(pid int) (f wire.ProcessFacts) {
	dir := "/proc/" + strconv.Itoa(pid)
	f.Exe, _ = os.Readlink(dir + "/exe")
	if b, err := os.ReadFile(dir + "/cgroup"); err == nil {
		f.Runtime, f.Container = containerOf(string(b))
	}
	s, ok := statOf(pid)
	for ok && s.parent > 0 && len(f.Parents) < maxParents {
		p := wire.Process{PID: s.parent, UID: -1}
		if s, ok = statOf(p.PID); ok {
			p.Name = s.name
		}
		f.Parents = append(f.Parents, p)
	}
	return f
}
