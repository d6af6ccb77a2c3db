package strace

import (
	"bytes"
	"path/filepath"
	"slices"
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
		t.process.name = plain(l.comm)
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

// early returns a thread whose lines come before the end of the call that makes it.
func (r *reader) early(tid int) *task {
	for _, maker := range slices.Backward(r.makers) {
		if b := maker.begun; b.child == nil {
			b.child = r.fork(maker, tid, b.name, b.args)
			return b.child
		}
	}
	return r.found(tid)
}

// forked notes that a thread has made another.
func (r *reader) forked(t *task, tid int, name string, args []byte) {
	if t.begun != nil && t.begun.child != nil {
		if t.begun.child.tid == tid {
			return
		}
	}
	if old := r.tasks[tid]; old != nil {
		if old.files == t.files {
			return
		}
		r.exit(old) // another had its number
	}
	r.fork(t, tid, name, args)
}

// fork returns a new thread that another has made, as the flags in args say.
func (r *reader) fork(t *task, tid int, name string, args []byte) *task {
	child := &task{tid: tid, process: t.process, files: t.files}
	clone := name == "clone" || name == "clone3"
	if !clone || !bytes.Contains(args, []byte("CLONE_THREAD")) {
		child.process = &process{tid, t.process.name}
	}
	if !clone || !bytes.Contains(args, []byte("CLONE_FILES")) {
		child.files = r.copyFiles(t.files)
	}
	return r.add(child)
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
