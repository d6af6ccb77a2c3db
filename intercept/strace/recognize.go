package strace

import "bytes"

// maxFirst is how much of the first line tells what a text is.
const maxFirst = 512

// Recognize reports whether b, the first bytes of a text, is what strace prints. may says
// that more of it may tell.
func Recognize(b []byte) (is, may bool) {
	line, _, ended := bytes.Cut(b, []byte("\n"))
	l := parseLine(line)
	switch l.kind {
	case callLine, unfinished:
		return usual[string(l.name)] || moves[string(l.name)] != other, false
	case resumed, superseded:
		return true, false
	case exited:
		return l.pid > 0 || len(l.stamp) > 0 || bytes.Contains(line, []byte("+++ exited with ")), false
	case remark:
		return true, false
	}
	return false, !ended && len(b) < maxFirst && mayBegin(b)
}

// mayBegin reports whether more of a line that begins with b may be one of strace's.
func mayBegin(b []byte) bool {
	var l line
	switch rest := l.times(l.process(b)); {
	case len(rest) == 0, l.pid > 0 && len(rest) < maxFirst:
		return true
	case len(l.stamp) > 0:
		return isName(rest) || rest[0] == '[' || rest[0] == '-' || rest[0] == '+' || rest[0] == '<'
	default:
		if n, size := number(b); size > 0 && n > 0 {
			return len(bytes.TrimLeft(b, "0123456789.:<> ")) == 0 || bytes.IndexByte(b, '<') > 0 && bytes.IndexByte(b, ' ') < 0
		}
		for _, begin := range []string{"[pid ", "strace: ", "Process ", "--- SIG", "+++ ", "<... "} {
			n := min(len(begin), len(b))
			if string(b[:n]) == begin[:n] {
				return true
			}
		}
		for name := range usual {
			if len(name) >= len(b) && name[:len(b)] == string(b) {
				return true
			}
		}
		for name := range moves {
			if len(name) >= len(b) && name[:len(b)] == string(b) {
				return true
			}
		}
		return false
	}
}

// usual are calls that strace's output often begins with, besides those in moves.
var usual = map[string]bool{
	"brk": true, "open": true, "openat": true, "access": true, "mmap": true, "fstat": true, "newfstatat": true, "stat": true,
	"futex": true, "epoll_wait": true, "epoll_pwait": true, "poll": true, "ppoll": true, "select": true, "pselect6": true,
	"wait4": true, "waitid": true, "restart_syscall": true, "nanosleep": true, "clock_nanosleep": true, "rt_sigsuspend": true,
	"pause": true, "ioctl": true, "getsockname": true, "setsockopt": true, "getsockopt": true, "rt_sigaction": true,
	"arch_prctl": true, "sched_yield": true, "io_getevents": true, "epoll_ctl": true, "getpid": true, "pread64": true,
}
