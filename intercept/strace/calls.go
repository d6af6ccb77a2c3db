package strace

import (
	"bytes"
	"time"
)

// move is what a call does.
type move uint8

const (
	other   move = iota
	sends        // bytes of its buffers to a descriptor
	gets         // bytes from one
	makes        // another thread or process
	takes        // a connection that waits
	changes      // descriptors, or what they refer to
)

// moves are the calls that are looked at.
var moves = map[string]move{
	"write": sends, "writev": sends, "pwritev2": sends, "send": sends, "sendto": sends, "sendmsg": sends, "sendmmsg": sends,
	"sendfile": sends, "sendfile64": sends,
	"read": gets, "readv": gets, "preadv2": gets, "recv": gets, "recvfrom": gets, "recvmsg": gets, "recvmmsg": gets, "recvmmsg_time64": gets,
	"clone": makes, "clone3": makes, "fork": makes, "vfork": makes,
	"accept": takes, "accept4": takes,
	"splice": changes, "socket": changes, "socketpair": changes, "connect": changes, "bind": changes, "listen": changes, "shutdown": changes,
	"dup": changes, "dup2": changes, "dup3": changes, "fcntl": changes, "fcntl64": changes, "close": changes, "close_range": changes,
	"getpeername": changes, "unshare": changes, "execve": changes, "execveat": changes, "exit": changes, "exit_group": changes,
	"io_uring_setup": changes,
}

// call is one that is over.
type call struct {
	*task
	name   string
	raw    []byte // the arguments as text
	args   [][]byte
	result result
	began  time.Time
	ended  time.Time // as far as is known
}

// arg returns an argument; nil if there is none.
func (c *call) arg(i int) []byte {
	if i >= 0 && i < len(c.args) {
		return c.args[i]
	}
	return nil
}

// int returns an argument that is a number; -1 if it is none.
func (c *call) int(i int) int {
	v, n := number(c.arg(i))
	if n == 0 || v < -1 || v > 1<<31 {
		return -1
	}
	return int(v)
}

// has reports whether an argument has a flag.
func (c *call) has(i int, flag string) bool { return bytes.Contains(c.arg(i), []byte(flag)) }

// call takes a call of t with its result. b is what began it, if that was another line.
// It reports whether the call could be read.
func (r *reader) call(t *task, name string, text []byte, b *begun, whole bool) bool {
	r.stats.Calls++
	m := moves[name]
	if m == other {
		return true
	}
	args, rest, ok := split(r.args[:0], text)
	r.args = args
	c := call{task: t, name: name, raw: text, args: args, began: r.now, ended: r.now}
	if b != nil {
		c.began = b.at
	}
	if ok {
		c.result, ok = parseResult(rest)
	}
	if !ok || !c.credible(m) {
		r.unreadable(&c, m)
		if whole {
			r.stats.Strange++
		}
		return !whole
	}
	if b == nil && c.result.took > 0 {
		c.ended = c.began.Add(c.result.took)
	}
	if d, isFD := parseDescriptor(c.arg(0)); isFD && c.result.n >= 0 {
		r.saysNames = r.saysNames || d.decor
		r.nameless = r.nameless || !d.decor
	}
	switch m {
	case sends, gets:
		r.moved(&c, m)
	case makes:
		if c.result.n > 0 {
			r.forked(t, int(c.result.n), name, text)
		}
	case takes:
		r.accepted(&c)
	case changes:
		r.changed(&c)
	}
	return true
}

// maxMoved is how many bytes one call can move (MAX_RW_COUNT in linux/fs.h, with the
// smallest pages).
const maxMoved = 0x7ffff000

// credible reports whether the call can have returned what its line says: no more bytes
// than any call moves, nor than this one was to.
func (c *call) credible(m move) bool {
	if m != sends && m != gets && c.name != "splice" {
		return true
	}
	if c.result.n > maxMoved {
		return false
	}
	size := c.arg(2)
	switch c.name {
	case "read", "write", "recv", "recvfrom", "send", "sendto":
	case "sendfile", "sendfile64":
		size = c.arg(3)
	case "splice":
		size = c.arg(4)
	default:
		return true // they have several buffers
	}
	most, n := number(size)
	return n == 0 || n < len(size) || c.result.n <= most
}

// unreadable takes a call whose line is damaged, or was too long: nobody knows how much
// it moved.
func (r *reader) unreadable(c *call, m move) {
	switch {
	case m == sends:
		r.loses(r.argSocket(c.task, 0), out)
	case m == gets:
		r.loses(r.argSocket(c.task, 0), in)
	case c.name == "splice":
		r.loses(r.argSocket(c.task, 0), in)
		r.loses(r.argSocket(c.task, 2), out)
	}
}

// loses notes that nobody knows how much was moved at a socket.
func (r *reader) loses(s *socket, w way) {
	if s != nil && r.isSource(s) && s.conn.state <= open {
		s.conn.lost[w] = -1
	}
}

// moved takes a call that moves bytes of its buffers.
func (r *reader) moved(c *call, m move) {
	s := r.argSocket(c.task, 0)
	if s == nil && c.result.n > 0 {
		s = r.guess(c, m)
	}
	if m == sends && (c.name == "sendfile" || c.name == "sendfile64") {
		r.unseen(s, out, c)
		return
	}
	if s == nil {
		return
	}
	switch c.result.errno {
	case "":
	case "ECONNRESET":
		r.reset(s)
		return
	default:
		return
	}
	if !c.result.known || r.passes(c, m) {
		return
	}
	if m == gets && s.name.tcp && c.truncates() {
		if c.result.n > 0 {
			r.stats.Unshown += c.result.n
			r.say(s, in, c.ended, []piece{{lost: int(c.result.n)}}, false)
		}
		return
	}
	p := &r.pay
	*p = payload{pieces: p.pieces[:0], buf: p.buf[:0], left: int(c.result.n), stats: &r.stats}
	if !p.of(c) {
		r.stats.Strange++
		r.unreadable(c, m)
		return
	}
	p.rest()
	if m == sends {
		r.say(s, out, c.began, p.pieces, false)
	} else {
		r.say(s, in, c.ended, p.pieces, c.result.n == 0 && c.wants())
	}
	if cap(p.buf) > 4<<20 {
		p.buf = nil
	}
	if cap(p.pieces) > 4096 {
		p.pieces = nil
	}
}

// of adds the buffers of c. It reports whether what they say of their sizes can be.
func (p *payload) of(c *call) bool {
	switch c.name {
	case "readv", "writev", "preadv2", "pwritev2":
		p.vector(c.arg(1))
	case "sendmsg", "recvmsg":
		p.message(c.arg(1))
	case "sendmmsg", "recvmmsg", "recvmmsg_time64":
		p.left = 0
		list := c.arg(1)
		if len(list) == 0 || list[0] != '[' {
			return true
		}
		all, _, _ := split(nil, list[1:])
		for i, m := range all {
			n, _ := number(field(m, "msg_len"))
			if n > maxMoved {
				return false
			}
			if n > 0 && int64(i) < c.result.n {
				p.left += int(n)
				p.message(field(m, "msg_hdr"))
				p.rest()
			}
		}
	default:
		p.buffer(c.arg(1), p.left)
	}
	return true
}

// wants reports whether a call that read nothing has had room for something, so that
// there is nothing more.
func (c *call) wants() bool {
	switch c.name {
	case "read", "recv", "recvfrom":
		return c.int(2) != 0
	case "recvmmsg", "recvmmsg_time64":
		return false
	}
	return true
}

// passes reports whether what a call read is still there, or was no part of the stream.
func (r *reader) passes(c *call, m move) bool {
	flags := 3
	switch c.name {
	case "recvmsg", "sendmsg":
		flags = 2
	case "send", "sendto", "recv", "recvfrom", "recvmmsg", "sendmmsg":
	default:
		return false
	}
	return m == gets && (c.has(flags, "MSG_PEEK") || c.has(flags, "MSG_ERRQUEUE")) || c.has(flags, "MSG_OOB")
}

// truncates reports whether a call has thrown away what it read, if that was of TCP (tcp(7),
// MSG_TRUNC): its buffer tells nothing.
func (c *call) truncates() bool {
	switch c.name {
	case "recv", "recvfrom":
		return c.has(3, "MSG_TRUNC")
	case "recvmsg":
		return c.has(2, "MSG_TRUNC")
	}
	return false
}

// guess returns a socket for a descriptor without a name, if what was moved there looks
// like what is said on one.
func (r *reader) guess(c *call, m move) *socket {
	d, ok := parseDescriptor(c.arg(0))
	if !ok || d.decor || d.fd <= 2 || r.o.Recognize == nil {
		return nil
	}
	if c.name == "read" || c.name == "write" {
		s, _, ok := unquote(nil, c.arg(1))
		conn := conn{r: r, source: &socket{}}
		w := in
		if m == sends {
			w = out
		}
		if !ok || conn.begins(w, conn.opening(s.data)) == anyRole {
			return nil
		}
	} else if c.name == "writev" || c.name == "readv" || c.name == "sendfile" {
		return nil
	}
	s := &socket{late: true, process: c.process}
	r.open(c.files, d.fd, s, false)
	return s
}

// unseen takes a call that moves bytes which strace does not show.
func (r *reader) unseen(s *socket, w way, c *call) {
	if s == nil || c.result.n <= 0 || !r.isSource(s) {
		return
	}
	if s.conn.state != ignored {
		r.stats.Moved += c.result.n
	}
	r.say(s, w, c.ended, []piece{{lost: int(c.result.n)}}, false)
}
