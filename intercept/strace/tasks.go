package strace

import (
	"path/filepath"
)

// numberOf returns the number of the thread that a line is of. strace leaves it out
// while there is one thread alone.
func (r *reader) numberOf(l *line) int {
	if l.pid == 0 && len(r.tasks) == 1 {
		for tid := range r.tasks {
			return tid
		}
	}
	return l.pid
}

// task returns the thread that a line is of.
func (r *reader) task(l *line) *task {
	tid := r.numberOf(l)
	t := r.tasks[tid]
	switch {
	case t != nil:
		r.touch(t)
	case len(r.makers) > 0:
		t = r.early(tid)
	case tid != 0 && r.tasks[0] != nil: // it had no number while it was alone
		t = r.rename(r.tasks[0], tid)
	default:
		t = r.found(tid)
	}
	if len(l.comm) > 0 && t.tid == t.process.pid {
		name := plain(l.comm)
		t.process.name = name[:min(len(name), maxName)]
	}
	return t
}

// rename gives a thread its number.
func (r *reader) rename(t *task, tid int) *task {
	delete(r.tasks, t.tid)
	t.tid, t.process.pid = tid, tid
	r.tasks[tid] = t
	r.touch(t)
	return t
}

func (r *reader) touch(t *task) { r.threads.MoveToBack(t.recent) }

// add begins to follow a thread.
func (r *reader) add(t *task) *task {
	for r.threads.Len() >= r.o.MaxSockets {
		r.stats.Evicted++
		r.exit(r.threads.Front().Value.(*task))
	}
	t.files.users++
	t.born = r.stats.Lines
	t.recent = r.threads.PushBack(t)
	r.tasks[t.tid] = t
	return t
}

// found returns a new thread that was there before it was seen.
func (r *reader) found(tid int) *task {
	t := &task{tid: tid, process: &process{pid: tid}}
	if r.o.Process != nil {
		pid, name := r.o.Process(tid)
		if other := r.tasks[pid]; other != nil && pid != 0 {
			t.process, t.files = other.process, other.files
		} else if pid != 0 {
			t.process = &process{pid, name}
			for o := range r.eachTask { // the first thread may have said nothing so far
				if o.process.pid == pid {
					t.process, t.files = o.process, o.files
				}
			}
		}
	}
	if t.files == nil {
		t.files = newFiles()
		t.files.late = true
	}
	return r.add(t)
}

func (r *reader) copyFiles(f *files) *files {
	c := newFiles()
	for fd, h := range f.fds {
		if !h.socket.gone {
			r.put(c, fd, h.socket, h.cloexec)
		}
	}
	return c
}

// ownFiles has t share its descriptors with nobody.
func (r *reader) ownFiles(t *task) {
	if t.files.users <= 1 {
		return
	}
	own := r.copyFiles(t.files)
	own.users++
	r.leave(t.files)
	t.files = own
}

// exit forgets a thread that has ended. With the last one that uses a table of
// descriptors, those are closed.
func (r *reader) exit(t *task) {
	r.over(t)
	r.threads.Remove(t.recent)
	delete(r.tasks, t.tid)
	r.leave(t.files)
}

// leave notes that a thread does not use f any more.
func (r *reader) leave(f *files) {
	if f.users--; f.users > 0 {
		return
	}
	for _, fd := range f.some(func(int, held) bool { return true }) {
		r.drop(f, fd)
	}
}

// exitGroup ends all threads of a process.
func (r *reader) exitGroup(t *task) {
	for _, o := range r.others(t) {
		if o.dying = true; o.begun == nil { // else it has not been told how that ended
			r.exit(o)
		}
	}
	r.exit(t)
}

// others returns the other threads of a process.
func (r *reader) others(t *task) (all []*task) {
	for o := range r.eachTask {
		if o != t && o.process == t.process {
			all = append(all, o)
		}
	}
	return all
}

// execed notes that a process runs another program: its other threads are gone, and
// what it does not pass on is closed.
func (r *reader) execed(t *task, program string) {
	for _, o := range r.others(t) {
		r.exit(o)
	}
	r.ownFiles(t)
	if program != "" {
		name := filepath.Base(program)
		t.process.name = name[:min(len(name), maxName)]
	}
	for _, fd := range t.files.some(func(_ int, h held) bool { return h.cloexec }) {
		r.drop(t.files, fd)
	}
}

// ranUnseen takes a call that may have run another program and whose end was not told: the
// kernel has the process called so since then.
func (r *reader) ranUnseen(t *task, b *begun) {
	if r.o.Process == nil || b.name != "execve" && b.name != "execveat" {
		return
	}
	args, _, _ := split(nil, b.args)
	at := map[string]int{"execve": 0, "execveat": 1}[b.name]
	if at >= len(args) {
		return
	}
	program := path(args[at])
	base := filepath.Base(program)
	if _, name := r.o.Process(t.tid); program != "" && name == base[:min(len(base), maxName)] {
		r.execed(t, program)
	}
}

// maxName is how long the kernel's names of processes are: TASK_COMM_LEN, without its
// final zero.
const maxName = 15

// supersede has t go on with the call of a thread that has become it by execve.
func (r *reader) supersede(t *task, by int) {
	old := r.tasks[by]
	if old == nil || old == t {
		return
	}
	r.over(t)
	t.begun, old.begun = old.begun, nil
	r.exit(old)
}
