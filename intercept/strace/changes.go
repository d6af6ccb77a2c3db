package strace

import (
	"bytes"
)

// changed takes a call that changes descriptors, or what they refer to.
func (r *reader) changed(c *call) {
	failed := c.result.errno != ""
	switch c.name {
	case "connect":
		r.connected(c)
	case "execve":
		if failed && r.stats.Calls == 1 {
			r.stats.ExecError = execError(c.result.errno)
		}
	case "exit_group":
		r.exitGroup(c.task)
		return
	case "exit":
		r.exit(c.task)
		return
	}
	if failed || !c.result.known && c.name != "fcntl" {
		return
	}
	switch c.name {
	case "socket":
		r.opened(c, c.has(1, "SOCK_CLOEXEC"))
	case "socketpair":
		r.paired(c)
	case "splice":
		if s := r.argSocket(c.task, 0); s != nil {
			r.unseen(s, in, c)
		}
		if s := r.argSocket(c.task, 2); s != nil {
			r.unseen(s, out, c)
		}
	case "bind":
		if s := r.argSocket(c.task, 0); s != nil && s.name.path == "" {
			s.name.path = parseAddress(c.arg(1)).path
		}
	case "listen":
		if s := r.argSocket(c.task, 0); s != nil {
			r.serves(s, c.process)
		}
	case "shutdown":
		r.shut(c)
	case "getpeername":
		if s := r.argSocket(c.task, 0); s != nil && s.role != server {
			r.reaches(s, parseAddress(c.arg(1)))
		}
	case "dup", "dup2", "dup3", "fcntl", "fcntl64":
		r.duplicated(c)
	case "close":
		r.argSocket(c.task, 0) // it may not be what it was
		r.drop(c.files, c.int(0))
	case "close_range":
		r.closedRange(c)
	case "unshare":
		if c.has(0, "CLONE_FILES") {
			r.ownFiles(c.task)
		}
	case "execve":
		r.reconsider(c.task)
		r.execed(c.task, path(c.arg(0)))
	case "execveat":
		r.reconsider(c.task)
		r.execed(c.task, path(c.arg(1)))
	case "io_uring_setup":
		r.stats.IOUring = true
	}
}

// opened returns the new socket that a call has returned; nil if it is no stream, or of
// no family that daemons have.
func (r *reader) opened(c *call, cloexec bool) *socket {
	d := descriptor{fd: int(c.result.n)}
	if c.result.decor != nil {
		d.decor, d.name = true, parseName(c.result.decor[1:len(c.result.decor)-1])
	}
	r.drop(c.files, d.fd) // what it was is closed
	if d.decor && !d.name.isSocket() || c.name == "socket" && !isStream(c) {
		return nil
	}
	s := r.named(&d.name)
	if s == nil || s.role == client && c.name != "socket" {
		s = &socket{process: c.process}
	}
	if c.name == "socket" {
		s.name.tcp = c.has(0, "AF_INET")
	}
	r.open(c.files, d.fd, s, cloexec)
	r.describe(s, &d.name)
	return s
}

// isStream reports whether socket made what daemons may be talked to on.
func isStream(c *call) bool {
	family := c.has(0, "AF_UNIX") || c.has(0, "AF_LOCAL") || c.has(0, "AF_INET")
	return family && c.has(1, "SOCK_STREAM")
}

// paired takes two sockets that are connected with each other: [3<…>, 4<…>].
func (r *reader) paired(c *call) {
	list := c.arg(3)
	if len(list) == 0 || list[0] != '[' || !isStream(c) {
		return
	}
	ends, _, _ := split(nil, list[1:])
	for _, e := range ends {
		d, ok := parseDescriptor(e)
		if !ok {
			continue
		}
		r.drop(c.files, d.fd)
		s := &socket{process: c.process}
		r.open(c.files, d.fd, s, c.has(1, "SOCK_CLOEXEC"))
		r.describe(s, &d.name)
	}
}

// connected takes a connection that a client makes; it may not be there yet.
func (r *reader) connected(c *call) {
	switch c.result.errno {
	case "", "EINPROGRESS", "EINTR", "EISCONN", "ERESTARTSYS":
	default:
		return
	}
	to := parseAddress(c.arg(1))
	s := r.argSocket(c.task, 0)
	if s == nil && (to.path != "" || to.host != "") {
		d, ok := parseDescriptor(c.arg(0))
		if !ok || d.decor {
			return // it is something else
		}
		s = &socket{process: c.process}
		r.open(c.files, d.fd, s, false)
	}
	if s == nil {
		return
	}
	s.role, s.late, s.process = client, false, c.process
	r.reaches(s, to)
	if r.converse(s).source == nil {
		s.conn.start = c.began
	}
}

// reaches notes whom a client talks to.
func (r *reader) reaches(s *socket, to address) {
	if s.name.path == "" {
		s.name.path = to.path
	}
	if s.name.remote == "" && to.host != "" {
		s.name.tcp, s.name.remote = true, to.host
	}
}

// accepted takes a connection that a server has taken.
func (r *reader) accepted(c *call) {
	r.learnServer(c.task, c.raw)
	if !c.result.known || c.result.n < 0 {
		return
	}
	listens := r.argSocket(c.task, 0)
	s := r.opened(c, c.has(len(c.args)-1, "SOCK_CLOEXEC"))
	if s == nil {
		return
	}
	s.role, s.late, s.process = server, false, c.process
	if listens != nil && s.name.path == "" {
		s.name.path = listens.name.path
	}
	if a := parseAddress(c.arg(1)); a.host != "" && s.name.remote == "" {
		s.name.tcp, s.name.remote = true, a.host
	}
	r.converse(s)
}

// learnServer notes which process takes connections.
func (r *reader) learnServer(t *task, args []byte) {
	first, _, _ := bytes.Cut(args, []byte(", "))
	if d, ok := parseDescriptor(bytes.TrimSuffix(bytes.TrimSpace(first), []byte(","))); ok && d.decor {
		r.serves(&socket{name: d.name}, t.process)
	}
}

// maxDaemons is how many servers are known by their paths.
const maxDaemons = 4096

func (r *reader) serves(s *socket, p *process) {
	if path := s.name.path; path != "" && len(r.daemons) < maxDaemons {
		r.daemons[path] = p
	}
}

// shut takes the end of a direction that a process has chosen.
func (r *reader) shut(c *call) {
	s := r.argSocket(c.task, 0)
	if s == nil {
		return
	}
	if c.has(1, "SHUT_WR") || c.has(1, "SHUT_RDWR") {
		r.say(s, out, c.began, nil, true)
	}
}

// duplicated takes a second descriptor for what one refers to, or a flag of one.
func (r *reader) duplicated(c *call) {
	s := r.argSocket(c.task, 0)
	cloexec := false
	switch c.name {
	case "dup3":
		cloexec = c.has(2, "O_CLOEXEC")
	case "fcntl", "fcntl64":
		switch {
		case c.has(1, "F_SETFD"):
			if fd := c.int(0); s != nil && c.files.fds[fd].socket == s {
				c.files.fds[fd] = held{s, c.has(2, "FD_CLOEXEC")}
			}
			return
		case !c.has(1, "F_DUPFD"):
			return
		}
		cloexec = c.has(1, "F_DUPFD_CLOEXEC")
	}
	if !c.result.known || c.result.n < 0 {
		return
	}
	fd := int(c.result.n)
	if s == nil {
		r.drop(c.files, fd)
		return
	}
	if old := c.int(0); old != fd {
		r.open(c.files, fd, s, cloexec)
	}
}

// closedRange takes the end of many descriptors, or their flag.
func (r *reader) closedRange(c *call) {
	first, _ := number(c.arg(0))
	last, n := number(c.arg(1))
	if n == 0 || bytes.HasPrefix(c.arg(1), []byte("0x")) || last < 0 {
		last = 1 << 32
	}
	if c.has(2, "CLOSE_RANGE_UNSHARE") {
		r.ownFiles(c.task)
	}
	within := func(fd int, _ held) bool { return int64(fd) >= first && int64(fd) <= last }
	for _, fd := range c.files.some(within) {
		switch {
		case c.has(2, "CLOSE_RANGE_CLOEXEC"):
			c.files.fds[fd] = held{c.files.fds[fd].socket, true}
		default:
			r.drop(c.files, fd)
		}
	}
}
