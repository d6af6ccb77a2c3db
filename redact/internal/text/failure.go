package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// isFailure says whether rest, behind the colon at the end of before, says what is wrong
// with the thing that stands in quotes before that, as errors of Go do:
//
//	exec: "/etc/passwd": stat /etc/passwd: no such file or directory: unknown
//
// All of it, up to the end of the line or a quote, has to be such words, and what is
// quoted: nothing is left that a secret could be. ended says that no text follows rest.
func isFailure(before, rest []byte, ended bool) bool {
	called := quotedBefore(before)
	n := failureEnds.Find(rest)
	if len(called) == 0 || n == len(rest) && !ended || n > len(called)+maxFailure {
		return false
	}
	said := bytes.ToLower(bytes.TrimSuffix(bytes.TrimSpace(rest[:n]), []byte(".")))
	if tried, why, ok := bytes.Cut(said, []byte(": ")); ok {
		if verb, what, _ := bytes.Cut(tried, []byte(" ")); attempts[string(verb)] && bytes.Equal(what, bytes.ToLower(called)) {
			said = why
		}
	}
	return failures[string(bytes.TrimSuffix(said, []byte(": unknown")))] // as containerd has it of what it has no code for
}

// quotedBefore returns what stands in quotes before the colon at the end of before: a path
// or a name; nothing if that is something else.
func quotedBefore(before []byte) []byte {
	before = trimBlanks(bytes.TrimSuffix(before, []byte(":")))
	end := len(before) - 1
	if end < 0 || !isQuoteAt(before, end) {
		return nil
	}
	quote := before[end]
	before = bytes.TrimRight(before[:end], `\`)
	from := len(before)
	for from > 0 && failedChars[before[from-1]] {
		from--
	}
	if from == 0 || before[from-1] != quote {
		return nil
	}
	return before[from:]
}

// maxFailure is more than any failure takes beside the name.
const maxFailure = 96

var (
	failureEnds = chars.Of("", "\r\n\"'`\\")
	failedChars = chars.Of("aA0", "/._-")
	// attempts are what is done with a path (package os of Go).
	attempts = map[string]bool{"stat": true, "lstat": true, "open": true, "chdir": true, "mkdir": true, "readlink": true, "fork/exec": true}
	// failures are the errors of the system that there are about files (errno(3)), and that of
	// package os/exec of Go, in lower case.
	failures = map[string]bool{
		"no such file or directory": true, "no such file": true, "permission denied": true, "operation not permitted": true,
		"is a directory": true, "not a directory": true, "file exists": true, "exec format error": true, "text file busy": true,
		"file name too long": true, "too many levels of symbolic links": true, "read-only file system": true,
		"not found": true, "executable file not found in $path": true, "executable file not found in %path%": true,
	}
)
