package otlp

import "sync"

// Run is a command that was started to be traced, whose span says more than those of others.
// A nil Run is none. Its methods may be called by several goroutines.
type Run struct {
	mu            sync.Mutex
	process, name string
	pid           int // of the process that has the name; 0: none has so far
	exited        int // the pid of what was started; 0: it has not ended
	code          int
}

// Named says that the next process of a name runs a command, such as "docker run".
func (r *Run) Named(process, name string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.process, r.name = process, clone(name)
}

// Exited says that the process which was started has ended, with an exit status as a shell
// tells it.
func (r *Run) Exited(pid, code int) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exited, r.code = pid, code
}

// nameOf returns what a process runs; empty if that is not known.
func (r *Run) nameOf(pid int, process string) string {
	if r == nil || pid == 0 {
		return ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.name == "" || process != r.process || r.pid != 0 && r.pid != pid {
		return ""
	}
	r.pid = pid
	return r.name
}

// exit returns the exit status of a process; false if that is not known.
func (r *Run) exit(pid int) (code int, known bool) {
	if r == nil || pid == 0 {
		return 0, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.code, r.exited == pid
}
