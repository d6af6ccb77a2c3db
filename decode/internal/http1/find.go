package http1

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// finder looks for the start of a message among raw bytes. At the beginning of a
// line a start line is enough; within one, where bytes that nobody announced may
// stand before it, something that looks like a head must follow.
type finder struct {
	dir   wire.Dir
	ended bool // no more bytes will come: what is not whole is nothing
}

// find returns where in b the first message starts, or may start when more comes;
// if nowhere, the length of b. lineBegins says that b begins a line.
func (f finder) find(b []byte, lineBegins bool) (at int, looks content.Looks) {
	for at < len(b) {
		line := b[at:]
		if lineBegins {
			if looks = f.sure(f.lineStart(line)); looks != content.No {
				return at, looks
			}
		}
		end := bytes.IndexByte(line, '\n')
		if within, looks := f.within(line, end); looks != content.No {
			return at + within, looks
		}
		if end < 0 {
			break
		}
		at, lineBegins = at+end+1, true
	}
	return len(b), content.No
}

// sure makes up its mind where nothing more comes.
func (f finder) sure(l content.Looks) content.Looks {
	if l == content.TooFew && f.ended {
		return content.No
	}
	return l
}

// lineStart tells whether b, at the beginning of a line, begins a message.
func (f finder) lineStart(b []byte) content.Looks {
	if !mayPlainStart(f.dir, b[:min(len(b), maxMethod)]) {
		return content.No
	}
	line, size := firstLine(b)
	switch {
	case line == nil, size == 0 && !mayPlainStart(f.dir, line):
		return content.No
	case size == 0:
		return content.TooFew
	case !isPlainStart(f.dir, string(line)), f.dir == wire.ToServer && strayBefore(string(line)) > 0:
		return content.No
	}
	return content.Yes
}

// within returns where in the first line of b, which ends at end, a message may
// start; end is negative if the line is not whole.
func (f finder) within(b []byte, end int) (at int, looks content.Looks) {
	line := b
	if end >= 0 {
		line = b[:end]
	}
	for at = f.candidate(line, 0, end < 0); at < len(line); at = f.candidate(line, at+1, end < 0) {
		if looks = f.sure(plainHead(f.dir, b[at:])); looks != content.No {
			return at, looks
		}
	}
	return 0, content.No
}

// candidate returns the first place from from on where a start line may begin; the
// length of line if there is none. open says that the line goes on.
func (f finder) candidate(line []byte, from int, open bool) int {
	if f.dir == wire.ToClient {
		const name = "HTTP/"
		if i := bytes.Index(line[from:], []byte(name)); i >= 0 {
			return from + i
		}
		at := max(from, len(line)-len(name)+1)
		for at < len(line) && !(open && strings.HasPrefix(name, string(line[at:]))) {
			at++
		}
		return at
	}
	for k := from; ; k++ {
		i := bytes.IndexByte(line[k:], ' ')
		if i < 0 {
			break
		}
		k += i
		if m := methodAtEnd(line[from:k]); m >= 0 && mayTarget(line[from+m:k], line[k+1:], open) {
			return from + m
		}
	}
	if open {
		return from + methodBeginsAtEnd(line[from:])
	}
	return len(line)
}

// targetBegins is how targets begin: with a path, or *, or a scheme; that of
// CONNECT is an authority (RFC 9112, section 3.2).
const targetBegins = "/*h"

// mayTarget reports whether b begins like what a client asks a server for, or, if
// the line is open, may do so.
func mayTarget(method, b []byte, open bool) bool {
	if len(b) == 0 {
		return open
	}
	return strings.IndexByte(targetBegins, b[0]) >= 0 || string(method) == "CONNECT" && wire.IsTokenChar(b[0])
}

// plainHead tells whether b begins a head: a start line, and a field line or the
// empty line behind it.
func plainHead(dir wire.Dir, b []byte) content.Looks {
	line, size := firstLine(b)
	switch {
	case line == nil:
		return content.No
	case size == 0 && mayBegin(dir, line):
		return content.TooFew
	case size == 0, !begins(dir, string(line)):
		return content.No
	}
	return fieldLine(b[size:])
}

// begins reports whether line begins a message: a request with a known method, or
// a response with a status, whose blanks may be odd.
func begins(dir wire.Dir, line string) bool {
	if dir == wire.ToClient {
		r, ok := parseStatusLine(line)
		return ok && 100 <= r.status && r.status <= 999
	}
	method, _, _ := strings.Cut(line, " ")
	return isMethod(method) && isPlainStart(dir, line)
}

// mayBegin reports whether b may be the beginning of a line that begins accepts.
func mayBegin(dir wire.Dir, b []byte) bool {
	if dir == wire.ToClient {
		return mayStatusLine(b)
	}
	method, _, spaced := bytes.Cut(b, []byte(" "))
	return (isMethod(string(method)) || !spaced && methodBegins[string(method)]) && content.Plain(b)
}

// firstLine returns the first line of b, without its end, and the size of both, 0
// if the end has not come. If the line is too long to be a start line, it is nil.
func firstLine(b []byte) (line []byte, size int) {
	end := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
	switch {
	case end >= 0:
		return bytes.TrimSuffix(b[:end:end], []byte("\r")), end + 1
	case len(b) < maxLine:
		return b, 0
	}
	return nil, 0
}

// maxName is the longest name of a field that is believed in.
const maxName = 256

// fieldLine tells whether b begins with the name of a field and its colon, or with
// the empty line that ends a head.
func fieldLine(b []byte) content.Looks {
	n := 0
	for n < len(b) && n <= maxName && wire.IsTokenChar(b[n]) {
		n++
	}
	switch {
	case n > maxName:
		return content.No
	case n == len(b), n == 0 && b[0] == '\r' && len(b) == 1:
		return content.TooFew
	case n > 0 && b[n] == ':', n == 0 && b[0] == '\n', n == 0 && b[0] == '\r' && b[1] == '\n':
		return content.Yes
	}
	return content.No
}

// strayBefore returns how many bytes of line, which looks like a request line with
// a method that nobody knows, may be no part of it: another request line, with a
// known method, stands behind them. It is 0 if there is none.
func strayBefore(line string) int {
	first, _, _ := strings.Cut(line, " ")
	if isMethod(first) {
		return 0
	}
	for k := 0; ; k++ {
		i := strings.IndexByte(line[k:], ' ')
		if i < 0 {
			return 0
		}
		k += i
		m := methodAtEnd(line[:k])
		if m > 0 && mayTarget([]byte(line[m:k]), []byte(line[k+1:]), false) && isPlainStart(wire.ToServer, line[m:]) {
			return m
		}
	}
}
