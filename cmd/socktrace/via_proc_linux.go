package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// threadStatus tells of a thread its process, the name of that, and who traces it; 0 if
// it is not known.
func threadStatus(tid int) (pid int, name string, tracer int) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	if err != nil {
		return 0, "", 0
	}
	for line := range strings.Lines(string(b)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":\t")
		switch key {
		case "Tgid":
			pid, _ = strconv.Atoi(value)
		case "TracerPid":
			tracer, _ = strconv.Atoi(value)
		}
	}
	comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)) // it may have ended
	return pid, strings.TrimSuffix(string(comm), "\n"), tracer
}

// isStrace reports whether a process is strace.
func isStrace(pid int) bool {
	if pid <= 0 {
		return false
	}
	_, name, _ := threadStatus(pid)
	return name == "strace"
}

// socketPathOf returns the path of a unix socket by its inode; empty if it has none.
func socketPathOf(inode uint64) string {
	f, err := os.Open("/proc/net/unix")
	if err != nil {
		return ""
	}
	defer f.Close()
	want := strconv.FormatUint(inode, 10)
	lines := bufio.NewScanner(f)
	for lines.Scan() { // Num RefCount Protocol Flags Type St Inode Path
		if fields := strings.Fields(lines.Text()); len(fields) >= 8 && fields[6] == want {
			return strings.Join(fields[7:], " ")
		}
	}
	return ""
}

// ptraceHint says why strace may not be allowed to trace.
func ptraceHint() string {
	b, _ := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope") // not there: it does not restrict
	scope, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	switch {
	case scope >= 3:
		return "this kernel lets nobody trace (kernel.yama.ptrace_scope is 3)"
	case scope > 0 && os.Geteuid() != 0:
		return fmt.Sprintf("run it with sudo: kernel.yama.ptrace_scope is %d", scope)
	case os.Geteuid() != 0:
		return "run it with sudo if the process is of another user; in a container it takes --cap-add SYS_PTRACE"
	}
	return "in a container it takes --cap-add SYS_PTRACE"
}
