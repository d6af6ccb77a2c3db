package strace

import (
	"fmt"

	"github.com/socktrace/socktrace/internal/plural"
)

// Stats is what was found in what strace has printed.
type Stats struct {
	Lines   int64
	Calls   int64 // with their results
	Strange int64 // lines that are not strace's, or damaged
	Long    int64 // lines that were longer than can be read
	Missed  int64 // ends of calls whose beginning is missing, and beginnings without end

	Connections int64 // that taps have seen
	Late        int64 // of them, those whose beginning was not seen
	NotHTTP     int64 // connections with other bytes, which were left alone
	TLS         int64 // connections that speak TLS
	Evicted     int64 // sockets and processes that were forgotten, since there were too many

	CutStrings int64 // that strace has cut, so that bytes are missing
	CutBytes   int64 // that are missing there
	CutAt      int   // how long the longest of them is
	Moved      int64 // bytes that were moved without being shown: sendfile, splice

	Unshown int64 // bytes of buffers that strace has not printed

	IOUring  bool // a process used io_uring, of which strace shows nothing
	Nameless bool // descriptors have no names: it is not known which are sockets
	Dayless  bool // times have no date
	Timeless bool // lines have no time
	Torn     bool // the text ends within a line

	// ExecError is why the first call, which was to run a program, has failed; nil if
	// it has not.
	ExecError error
}

// Remarks says what could not be known, and what to do about it: a sentence each.
func (s *Stats) Remarks() (all []string) {
	say := func(is bool, format string, args ...any) {
		if is {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	say(s.CutStrings > 0, "strace cut strings at %s: %s %s missing (strace -s 1048576 prints them)",
		plural.Of(int64(s.CutAt), "byte"), plural.Of(s.CutBytes, "byte"), plural.Verb(s.CutBytes, "is", "are"))
	say(s.Moved > 0, "%s %s moved by sendfile or splice, which strace does not show", plural.Of(s.Moved, "byte"), plural.Verb(s.Moved, "was", "were"))
	say(s.Unshown > 0, "%s of buffers %s not printed by strace", plural.Of(s.Unshown, "byte"), plural.Verb(s.Unshown, "was", "were"))
	say(s.Late > 0, "%s %s open before strace came: what was said before is missing", plural.Of(s.Late, "connection"), plural.Verb(s.Late, "was", "were"))
	say(s.TLS > 0, "%s with TLS, which is encrypted when strace sees it", plural.Of(s.TLS, "connection"))
	say(s.NotHTTP > 0, "%s without HTTP", plural.Of(s.NotHTTP, "connection"))
	say(s.IOUring, "a process used io_uring: strace does not show what it read and wrote by that")
	say(s.Strange > 0, "%s %s not strace's, or damaged", plural.Of(s.Strange, "line"), plural.Verb(s.Strange, "is", "are"))
	say(s.Long > 0, "%s %s too long to be read", plural.Of(s.Long, "line"), plural.Verb(s.Long, "was", "were"))
	say(s.Missed > 0, "of %s a part is missing", plural.Of(s.Missed, "call"))
	say(s.Evicted > 0, "%d %s forgotten, since there were too many at once", s.Evicted, plural.Verb(s.Evicted, "socket or process was", "sockets or processes were"))
	say(s.Nameless && s.Connections > 0, "descriptors have no names, so that sockets may have been missed (strace -yy prints them)")
	say(s.Timeless && s.Connections > 0, "lines have no time, that of reading stands for it (strace -ttt prints it)")
	say(s.Dayless && s.Connections > 0, "times have no date, today stands for it (strace -ttt prints it)")
	return all
}
