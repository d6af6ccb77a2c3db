package strace

import "bytes"

// isThread reports whether a call makes a thread, of the process that calls.
func isThread(name string, args []byte) bool {
	return (name == "clone" || name == "clone3") && bytes.Contains(args, []byte("CLONE_THREAD"))
}

// sharesFiles reports whether what a call makes shares the descriptors.
func sharesFiles(name string, args []byte) bool {
	return (name == "clone" || name == "clone3") && bytes.Contains(args, []byte("CLONE_FILES"))
}

// early returns a thread whose lines come before the end of the call that makes it. Which of
// several calls that is, is a guess until one returns its number.
func (r *reader) early(tid int) *task {
	pid := 0
	if r.o.Process != nil {
		pid, _ = r.o.Process(tid)
	}
	var maker *task
	for _, m := range r.makers { // the last that fits, else the last
		switch {
		case m.begun.child != nil:
		case maker == nil, pid == 0, fits(m, tid, pid), !fits(maker, tid, pid):
			maker = m
		}
	}
	if maker == nil {
		return r.found(tid)
	}
	b := maker.begun
	b.child = r.fork(maker, tid, b.name, b.args)
	return b.child
}

// fits reports whether a thread of process pid can be what a maker makes.
func fits(m *task, tid, pid int) bool {
	if isThread(m.begun.name, m.begun.args) {
		return pid == m.process.pid
	}
	return pid == tid
}

// forked notes that a thread has made another.
func (r *reader) forked(t *task, tid int, name string, args []byte) {
	b := t.begun
	if b != nil && b.child != nil && b.child.tid == tid {
		return
	}
	old := r.tasks[tid]
	switch {
	case old == nil:
	case b != nil && old.born >= b.born: // it was taken for what another has made
		if other := r.makerOf(old); other != nil {
			other.begun.child = nil
		}
		b.child = old
		r.adopt(t, old, name, args)
		return
	case old.files == t.files:
		return
	default:
		r.exit(old) // another had its number
	}
	r.fork(t, tid, name, args)
}

// makerOf returns who is thought to make a thread; nil if it is known, or nobody is.
func (r *reader) makerOf(t *task) *task {
	for _, m := range r.makers {
		if m.begun.child == t {
			return m
		}
	}
	return nil
}

// fork returns a new thread that another has made, as the flags in args say.
func (r *reader) fork(t *task, tid int, name string, args []byte) *task {
	child := &task{tid: tid, process: t.process, files: t.files}
	if !isThread(name, args) {
		child.process = &process{tid, t.process.name}
	}
	if !sharesFiles(name, args) {
		child.files = r.copyFiles(t.files)
	}
	return r.add(child)
}

// adopt has a thread, which was taken for another's, be one that t has made. It keeps the call
// that it is in, and the sockets that it has opened.
func (r *reader) adopt(t, child *task, name string, args []byte) {
	was, is := child.process, t.process
	if !isThread(name, args) {
		if is = was; was.pid != child.tid || was == t.process {
			is = &process{child.tid, t.process.name}
		}
	}
	child.process = is
	for _, h := range child.files.fds {
		if h.socket.process == was && child.files != t.files {
			h.socket.process = is
		}
	}
	switch shares := sharesFiles(name, args); {
	case shares == (child.files == t.files):
	case shares:
		own := child.files
		for fd, h := range own.fds {
			if have, is := t.files.fds[fd]; !is || have.socket != h.socket {
				r.put(t.files, fd, h.socket, h.cloexec)
			}
		}
		child.files = t.files
		t.files.users++
		r.leave(own)
	default:
		r.ownFiles(child)
	}
}

// reconsider looks at a thread that runs another program: it is rather a process than a thread.
// Where it was taken for one, and another maker makes a process, both are exchanged.
func (r *reader) reconsider(t *task) {
	guess := r.makerOf(t)
	if guess == nil || !isThread(guess.begun.name, guess.begun.args) {
		return
	}
	for _, m := range r.makers {
		if b := m.begun; m != guess && !isThread(b.name, b.args) {
			other := b.child
			b.child, guess.begun.child = t, other
			r.adopt(m, t, b.name, b.args)
			if other != nil {
				r.adopt(guess, other, guess.begun.name, guess.begun.args)
			}
			return
		}
	}
}
