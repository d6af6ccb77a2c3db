package http1

import "strings"

// maxMethod is more than the longest registered method has.
const maxMethod = 32

// methods are those that are registered (RFC 9110, section 16.1.1), and some more
// that are in use. Anything may be a method; but among bytes that are no message,
// only one of these shows where one begins.
var methods = set(
	"GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PRI " +
		"ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT COPY LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL " +
		"MKREDIRECTREF MKWORKSPACE MOVE ORDERPATCH PROPFIND PROPPATCH QUERY REBIND REPORT SEARCH UNBIND " +
		"UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL " +
		"M-SEARCH NOTIFY PURGE SUBSCRIBE UNSUBSCRIBE")

// isMethod says whether s is one of them.
func isMethod(s string) bool {
	switch s {
	case "GET", "HEAD", "POST", "PUT", "DELETE": // nearly all are; a map costs more
		return true
	}
	return methods[s]
}

// methodBegins has every beginning of one of them.
var methodBegins = func() map[string]bool {
	all := map[string]bool{}
	for m := range methods {
		for n := range m {
			all[m[:n+1]] = true
		}
	}
	return all
}()

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// methodAtEnd returns where the longest method begins that b ends with, or -1.
func methodAtEnd[S ~string | ~[]byte](b S) int {
	i := len(b)
	for i > 0 && len(b)-i < maxMethod && (isUpper(b[i-1]) || b[i-1] == '-') {
		i--
	}
	for ; i < len(b); i++ {
		if isMethod(string(b[i:])) {
			return i
		}
	}
	return -1
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// methodBeginsAtEnd returns where the longest beginning of a method is that b
// ends with, or its length.
func methodBeginsAtEnd(b []byte) int {
	i := max(len(b)-maxMethod, 0)
	for i < len(b) && !methodBegins[string(b[i:])] {
		i++
	}
	return i
}
