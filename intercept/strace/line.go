package strace

import "bytes"

// kind is what a line tells.
type kind uint8

const (
	noLine     kind = iota // it is not strace's
	callLine               // a call and its result
	unfinished             // a call that has begun
	resumed                // the rest of one, with its result
	exited                 // a thread has ended
	superseded             // a thread has become another by execve
	remark                 // what tells nothing here: a signal, a message of strace
)

// line is a line of strace, taken apart. What it has refers to the text.
type line struct {
	kind    kind
	pid     int    // of the thread; 0 if the line does not say
	comm    []byte // its name, with -Y
	stamp   []byte // the time, as printed; empty if there is none
	since   []byte // the time since the line before (-r); empty if there is none
	name    []byte // of the call
	args    []byte // behind the bracket, with the result if there is one
	replace int    // who was superseded
}

var (
	unfinishedMark = []byte("<unfinished ...>")
	resumedMark    = []byte(" resumed>")
	detachedMark   = []byte("<detached ...>") // strace went away meanwhile
)

// parseLine takes a line apart. Its arguments are looked at later, and only those of
// calls that matter.
func parseLine(b []byte) (l line) {
	b = bytes.TrimSuffix(b, []byte("\r"))
	b = l.process(b)
	b = l.times(b)
	if i := bytes.IndexByte(b, ']'); len(b) > 0 && b[0] == '[' && i > 0 { // -i, -n
		b = bytes.TrimLeft(b[i+1:], " ")
		if j := bytes.IndexByte(b, ']'); len(b) > 0 && b[0] == '[' && j > 0 {
			b = bytes.TrimLeft(b[j+1:], " ")
		}
	}
	switch {
	case len(b) == 0:
	case bytes.HasPrefix(b, []byte("--- ")) && bytes.HasSuffix(b, []byte(" ---")):
		l.kind = remark
	case bytes.HasPrefix(b, []byte("+++ ")) && bytes.HasSuffix(b, []byte(" +++")):
		l.kind = exited
		if r, ok := bytes.CutPrefix(b, []byte("+++ superseded by execve in pid ")); ok {
			n, _ := number(r)
			l.kind, l.replace = superseded, int(n)
		}
	case bytes.HasPrefix(b, []byte("<... ")):
		name, rest, ok := bytes.Cut(b[len("<... "):], resumedMark)
		if ok && isName(name) {
			l.kind, l.name, l.args = resumed, name, rest
		}
	case isMessage(b):
		l.kind = remark
	default:
		name, args, ok := bytes.Cut(b, []byte("("))
		if !ok || !isName(name) {
			return l
		}
		l.kind, l.name, l.args = callLine, name, args
		for _, mark := range [][]byte{unfinishedMark, detachedMark} {
			if rest, has := bytes.CutSuffix(args, mark); has {
				l.kind, l.args = unfinished, rest
			}
		}
	}
	return l
}

// process reads who the line is of: "123 ", "123<comm> ", "[pid 123] ", "[pid 123<comm>] ".
func (l *line) process(b []byte) []byte {
	rest, bracket := bytes.CutPrefix(b, []byte("[pid "))
	if bracket {
		rest = bytes.TrimLeft(rest, " ")
	}
	v, n := number(rest)
	if n == 0 || v <= 0 || v > 1<<31 {
		return b
	}
	rest = rest[n:]
	if len(rest) > 0 && rest[0] == '<' {
		end := bytes.IndexByte(rest, '>')
		if end < 0 {
			return b
		}
		l.comm, rest = rest[1:end], rest[end+1:]
	}
	if bracket {
		var ok bool
		if rest, ok = bytes.CutPrefix(rest, []byte("]")); !ok {
			return b
		}
	}
	if len(rest) == 0 || rest[0] != ' ' {
		l.comm = nil
		return b
	}
	l.pid = int(v)
	return bytes.TrimLeft(rest, " ")
}

// times reads when it was: seconds, or hours, and how long after the line before.
func (l *line) times(b []byte) []byte {
	b = bytes.TrimLeft(b, " ")
	n := 0
	for n < len(b) && (b[n] >= '0' && b[n] <= '9' || b[n] == '.' || b[n] == ':') {
		n++
	}
	if n == 0 || n == len(b) || b[n] != ' ' {
		return b
	}
	l.stamp, b = b[:n], bytes.TrimLeft(b[n:], " ")
	if rest, ok := bytes.CutPrefix(b, []byte("(+")); ok {
		if since, behind, ok := bytes.Cut(rest, []byte(")")); ok {
			l.since, b = bytes.TrimSpace(since), bytes.TrimLeft(behind, " ")
		}
	}
	return b
}

// isName reports whether b may be the name of a system call.
func isName(b []byte) bool {
	if string(b) == "???" { // strace does not know which, since the process was killed
		return true
	}
	if len(b) > 1 && b[0] == '_' { // _llseek
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 32 || b[0] < 'a' || b[0] > 'z' {
		return false
	}
	for _, c := range b {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// isMessage reports whether b is what strace says for itself, or the place of a call
// (-k).
func isMessage(b []byte) bool {
	if rest, ok := bytes.CutPrefix(b, []byte("Process ")); ok {
		_, n := number(rest)
		return n > 0
	}
	return bytes.HasPrefix(b, []byte("strace: ")) || bytes.HasPrefix(b, []byte("> ")) || bytes.HasPrefix(b, []byte("????"))
}
