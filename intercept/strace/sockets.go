package strace

import (
	"errors"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// argSocket returns the socket that an argument of the call refers to; nil if it is
// none.
func (r *reader) argSocket(t *task, i int) *socket {
	if i >= len(r.args) {
		return nil
	}
	d, ok := parseDescriptor(r.args[i])
	if !ok {
		return nil
	}
	return r.lookup(t, d)
}

// lookup returns the socket that a descriptor refers to, which may have been open before
// it was seen; nil if it is none.
func (r *reader) lookup(t *task, d descriptor) *socket {
	f := t.files
	s := f.fds[d.fd].socket
	if s != nil && s.gone {
		r.drop(f, d.fd)
		s = nil
	}
	switch {
	case !d.decor:
		return s
	case s != nil && d.name.isSocket() && s.is(&d.name):
	case s != nil: // it was closed unseen
		r.drop(f, d.fd)
		return r.lookup(t, d)
	case !d.name.isSocket():
		return nil
	default:
		if s = r.named(&d.name); s == nil {
			s = &socket{late: true, process: t.process}
		}
		s = r.learned(t, d.fd, s)
	}
	r.describe(s, &d.name)
	r.used(s)
	return s
}

// learned has fd refer to s, which was there before it was seen in t. Threads of which
// no more is known share their table if they have the same socket there.
func (r *reader) learned(t *task, fd int, s *socket) *socket {
	f := t.files
	if s.first != nil && s.first != f && f.late && s.first.users > 0 && s.first.fds[fd].socket == s {
		for o := range r.eachTask {
			if o.files == f {
				o.files = s.first
				s.first.users++
			}
		}
		for have, h := range f.fds {
			if s.first.fds[have].socket == nil {
				r.put(s.first, have, h.socket, h.cloexec)
			}
			r.drop(f, have)
		}
		return s
	}
	if f.late {
		s.first = f
	}
	r.open(f, fd, s, false)
	return s
}

// open has fd refer to s, and to nothing that it referred to before.
func (r *reader) open(f *files, fd int, s *socket, cloexec bool) {
	if f.fds[fd].socket == s {
		return
	}
	s.refs++ // it may be the same that is dropped
	r.drop(f, fd)
	r.put(f, fd, s, cloexec)
	s.refs--
	r.used(s)
}

// perSocket is how many descriptors there may be for each socket that there may be.
const perSocket = 16

// put has fd refer to s. What it referred to must have been dropped.
func (r *reader) put(f *files, fd int, s *socket, cloexec bool) {
	if r.entries >= perSocket*r.o.MaxSockets {
		r.stats.Evicted++
		return
	}
	r.entries++
	f.fds[fd] = held{s, cloexec}
	s.refs++
}

// drop closes fd. With the last descriptor of a socket, that is closed.
func (r *reader) drop(f *files, fd int) {
	s := f.fds[fd].socket
	if s == nil {
		return
	}
	delete(f.fds, fd)
	r.entries--
	if s.refs--; s.refs <= 0 && !s.gone {
		r.close(s, nil)
	}
}

// used notes that something was done with s.
func (r *reader) used(s *socket) {
	if s.recent != nil {
		r.sockets.MoveToBack(s.recent)
		return
	}
	for r.sockets.Len() >= r.o.MaxSockets {
		r.stats.Evicted++
		r.forget(r.sockets.Front().Value.(*socket))
	}
	s.recent = r.sockets.PushBack(s)
}

// forget has a socket be unknown. Descriptors that refer to it do so until they are
// used.
func (r *reader) forget(s *socket) {
	s.gone = true
	r.close(s, wire.ErrStopped)
}

// named returns the socket that strace calls n; nil if it was not seen.
func (r *reader) named(n *name) *socket {
	if n.local != "" && n.remote != "" {
		return r.pairs[pairKey(n.local, n.remote)]
	}
	if n.inode == 0 {
		return nil
	}
	return r.inodes[n.inode]
}

// describe notes what strace says of s.
func (r *reader) describe(s *socket, n *name) {
	have := &s.name
	have.tcp = have.tcp || n.tcp
	if have.inode == 0 && n.inode != 0 {
		have.inode = n.inode
		r.inodes[n.inode] = s
	}
	if have.peer == 0 && n.peer != 0 {
		have.peer = n.peer
		if s.late && r.o.Path != nil && n.path == "" && have.path == "" {
			if have.path = r.o.Path(n.peer); have.path != "" && s.role == anyRole {
				s.role = client
			}
		}
		r.link(s, r.inodes[n.peer])
	}
	if n.path != "" && have.path == "" {
		have.path = n.path
		if n.peer != 0 && s.role == anyRole {
			s.role = server // clients have no path
		}
	}
	if n.local != "" && (n.local != have.local || n.remote != have.remote) {
		have.local, have.remote = n.local, n.remote
		if n.remote != "" {
			r.pairs[pairKey(n.local, n.remote)] = s
			r.link(s, r.pairs[pairKey(n.remote, n.local)])
		}
	}
}

// link notes that a and b are the ends of a connection.
func (r *reader) link(a, b *socket) {
	if b == nil || a == b || b.name.peer != 0 && a.name.inode != 0 && b.name.peer != a.name.inode {
		return
	}
	if a.role == anyRole {
		a.role = b.role.other()
	} else if b.role == anyRole {
		b.role = a.role.other()
	}
	ca, cb := r.converse(a), r.converse(b)
	switch {
	case ca == cb:
	case cb.source == nil || cb.state == undecided && (ca.state == open || ca.source != nil):
		ca.join(b)
	case ca.source == nil || ca.state == undecided:
		cb.join(a)
	}
}

// join takes s as the other end of c; what it had by itself is forgotten.
func (c *conn) join(s *socket) {
	o := s.conn
	if o.start.Before(c.start) && c.state == undecided {
		c.start = o.start
	}
	o.drop()
	c.ends = [2]*socket{c.ends[0], s}
	s.conn = c
}

// drop forgets a connection that another stands for.
func (c *conn) drop() {
	c.catchUp()
	if c.state == undecided {
		c.state = closed
		c.release()
	}
}

// converse returns the connection of s.
func (r *reader) converse(s *socket) *conn {
	if s.conn == nil {
		s.conn = &conn{r: r, start: r.now}
		s.conn.ends[0] = s
	}
	return s.conn
}

// isSource reports whether the connection of s is told from this end: that which speaks
// first.
func (r *reader) isSource(s *socket) bool {
	c := r.converse(s)
	if c.source == nil {
		c.source = s
	}
	return c.source == s
}

// say takes what was moved at a socket.
func (r *reader) say(s *socket, w way, t time.Time, pieces []piece, eof bool) {
	if len(pieces) == 0 && !eof || !r.isSource(s) {
		return
	}
	s.conn.say(step{w, t, pieces, eof})
}

// Why connections end that are reset.
var errReset = [2]error{wire.ToServer: errors.New("connection reset by the client"), wire.ToClient: errors.New("connection reset by the server")}

// reset ends the connection of s, whose peer has broken it off.
func (r *reader) reset(s *socket) {
	if c := s.conn; c != nil && c.source == s {
		c.catchUp()
		var err error
		if c.state == open {
			dir := c.dir(in)
			err = &wire.PeerError{Dir: dir, Err: errReset[dir]}
		}
		c.end(r.now, err)
	}
}

// close notes that the last descriptor of s is closed.
func (r *reader) close(s *socket, err error) {
	if c := s.conn; c != nil && (c.source == s || c.source == nil) {
		c.catchUp()
		if err == nil && c.source == s && c.state == open {
			c.tell(step{way: out, time: r.now, eof: true})
		}
		c.end(r.now, err)
	}
	if s.recent != nil {
		r.sockets.Remove(s.recent)
		s.recent = nil
	}
	if r.inodes[s.name.inode] == s {
		delete(r.inodes, s.name.inode)
	}
	if key := pairKey(s.name.local, s.name.remote); r.pairs[key] == s {
		delete(r.pairs, key)
	}
}

// peers returns the ends of a connection.
func (r *reader) peers(c *conn) (asks, answers wire.Peer) {
	var ends [2]*socket // client, server
	for _, s := range c.ends {
		switch {
		case s == nil:
		case s.role == server:
			ends[1] = s
		default:
			ends[0] = s
		}
	}
	if s := ends[0]; s != nil {
		asks.Process = s.process.peer()
		asks.Addr, answers.Addr = tcp(s.name.local), tcp(s.name.remote)
	}
	if s := ends[1]; s != nil {
		answers.Process = s.process.peer()
		asks.Addr, answers.Addr = tcp(s.name.remote), tcp(s.name.local)
	}
	if path := c.path(); path != "" {
		asks.Addr, answers.Addr = "", "unix://"+path
		if answers.Process == nil {
			answers.Process = r.daemons[path].peer()
		}
	}
	return asks, answers
}

func tcp(addr string) string {
	if addr == "" {
		return ""
	}
	return "tcp://" + addr
}

// peer returns p as a connection names it; nil if nothing is known of it.
func (p *process) peer() *wire.Process {
	if p == nil || p.pid == 0 {
		return nil
	}
	return &wire.Process{PID: p.pid, UID: -1, Name: p.name}
}
