package strace

import "bytes"

// piece is some of the bytes that a call moved, and how many strace did not print behind
// them.
type piece struct {
	data []byte
	lost int
}

// payload collects the n bytes that a call moved, from what strace printed of its
// buffers.
type payload struct {
	pieces []piece
	left   int    // bytes that the call moved and that are in no piece yet
	buf    []byte // the strings are taken apart here; reused
	stats  *Stats
}

// buffer adds the buffer of which b is what was printed, with room for size bytes.
func (p *payload) buffer(b []byte, size int) {
	n := min(size, p.left)
	if n <= 0 {
		return
	}
	p.left -= n
	from := len(p.buf)
	s, _, ok := unquote(p.buf[from:], b)
	if !ok {
		s.data = nil // an address: strace could not read it
	}
	have := min(len(s.data), n)
	if cap(p.buf)-from >= len(s.data) {
		p.buf = p.buf[:from+have]
	} else { // there was no room: pieces before have the old memory
		p.buf = s.data[:have]
	}
	p.pieces = append(p.pieces, piece{s.data[:have:have], n - have})
	switch lost := n - have; {
	case lost > 0 && s.cut:
		p.stats.CutStrings++
		p.stats.CutBytes += int64(lost)
		p.stats.CutAt = max(p.stats.CutAt, len(s.data))
	case lost > 0:
		p.stats.Unshown += int64(lost)
	}
}

// vector adds those of an array of buffers, as in
//
//	[{iov_base="GET ", iov_len=4}, {iov_base="/", iov_len=1}]
//
// or, in older versions, [{"GET ", 4}, {"/", 1}].
func (p *payload) vector(b []byte) {
	if len(b) == 0 || b[0] != '[' {
		return
	}
	list, _, _ := split(nil, b[1:])
	for _, item := range list {
		if item[0] != '{' {
			continue
		}
		var base, size []byte
		fields, _, _ := split(nil, item[1:])
		for i, f := range fields {
			switch {
			case bytes.HasPrefix(f, []byte("iov_base=")):
				base = f[len("iov_base="):]
			case bytes.HasPrefix(f, []byte("iov_len=")):
				size = f[len("iov_len="):]
			case i == 0:
				base = f
			case i == 1:
				size = f
			}
		}
		n, _ := number(size)
		p.buffer(base, int(max(n, 0)))
	}
}

// message adds those of a msghdr.
func (p *payload) message(b []byte) {
	if v := field(b, "msg_iov"); v != nil {
		p.vector(v)
	}
}

// rest adds what is in no buffer that was printed.
func (p *payload) rest() {
	if p.left <= 0 {
		return
	}
	p.stats.Unshown += int64(p.left)
	if n := len(p.pieces); n > 0 {
		p.pieces[n-1].lost += p.left
	} else {
		p.pieces = append(p.pieces, piece{lost: p.left})
	}
	p.left = 0
}

// field returns the value of a field of a struct; also of an array that says how long it
// is, as in msg_iov(1)=[…]; nil if there is none.
func field(b []byte, name string) []byte {
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	fields, _, _ := split(nil, b[1:])
	for _, f := range fields {
		rest, ok := bytes.CutPrefix(f, []byte(name))
		if !ok {
			continue
		}
		if len(rest) > 0 && rest[0] == '(' {
			if i := bytes.IndexByte(rest, ')'); i > 0 {
				rest = rest[i+1:]
			}
		}
		if value, ok := bytes.CutPrefix(rest, []byte("=")); ok {
			return value
		}
	}
	return nil
}
