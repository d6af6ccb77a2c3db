package decode

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/wire"
)

// maxHead bounds a request or response head, and a trailer section. What is
// longer is not a head: it would have to be kept whole.
const maxHead = 1 << 20

// maxLine bounds a line that is looked at on its own: a chunk size with its
// extensions, or a line where a start line is searched.
const maxLine = 16 << 10

// findHead returns the size of the head at the beginning of h's window: up to
// and with its empty line, or 0 if that has not come yet. It looks at each byte
// once, however the bytes are cut.
func (h *half) findHead() int {
	for i := h.searched; ; {
		j := bytes.IndexByte(h.win[i:], '\n')
		if j < 0 {
			break
		}
		i += j + 1
		switch rest := h.win[i:]; {
		case len(rest) > 0 && rest[0] == '\n':
			return i + 1
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			return i + 2
		}
	}
	// The next search begins at the last line end that may be followed by an
	// empty line.
	h.searched = max(len(h.win)-2, 0)
	return 0
}

// findLine returns the size of the line at the beginning of h's window, with
// its end, or 0.
func (h *half) findLine() int {
	if j := bytes.IndexByte(h.win[h.searched:], '\n'); j >= 0 {
		return h.searched + j + 1
	}
	h.searched = len(h.win)
	return 0
}

// fault is what is wrong with a head, and where in it.
type fault struct {
	at     int
	code   string
	detail string
}

// nextLine cuts the first line off s: without its end, and whether that was a
// bare LF.
func nextLine(s string) (line, rest string, bare bool) {
	i := strings.IndexByte(s, '\n')
	if i < 0 {
		return s, "", false
	}
	line, rest = s[:i], s[i+1:]
	if strings.HasSuffix(line, "\r") {
		return line[:len(line)-1], rest, false
	}
	return line, rest, true
}

// parseFields reads the field lines of a head or trailer section (RFC 9112,
// section 5), up to the empty line. s begins at offset at of the head. Whatever
// is wrong, every line is in the result. It is in the memory of fields, if that
// is not nil.
func parseFields(s string, at int, fields []wire.Field) ([]wire.Field, []fault) {
	if fields == nil {
		fields = make([]wire.Field, 0, strings.Count(s, "\n"))
	}
	var faults []fault
	var folds []string // of the last field
	for s != "" {
		if colon, end := plainField(s); end > 0 {
			if len(folds) > 0 {
				folds = unfold(fields, folds)
			}
			fields = append(fields, wire.Field{Name: s[:colon], Value: trimOWS(s[colon+1 : end]), Line: s[:end]})
			at, s = at+end+2, s[end+2:]
			continue
		}
		line, rest, bare := nextLine(s)
		if line == "" {
			break
		}
		if bare {
			faults = append(faults, fault{at, codeBareLF, strconv.Quote(clip(line))})
		}
		switch {
		case isOWS(line[0]) && len(fields) > 0:
			folds = append(folds, line)
			faults = append(faults, fault{at, codeFold, strconv.Quote(clip(line))})
		default:
			folds = unfold(fields, folds)
			f, code := parseField(line)
			if code != "" {
				faults = append(faults, fault{at, code, strconv.Quote(clip(line))})
			}
			fields = append(fields, f)
		}
		at += len(s) - len(rest)
		s = rest
	}
	unfold(fields, folds)
	return fields, faults
}

// plainField finds, in one pass, the colon and the end of the field line at the
// beginning of s. end is 0 if it is not as nearly all are: a token, a colon, a
// value without control characters, and CRLF.
func plainField(s string) (colon, end int) {
	for colon < len(s) && wire.IsTokenChar(s[colon]) {
		colon++
	}
	if colon == 0 || colon == len(s) || s[colon] != ':' {
		return 0, 0
	}
	end = scan.Control(s, colon+1)
	if len(s)-end < 2 || s[end] != '\r' || s[end+1] != '\n' {
		return 0, 0
	}
	return colon, end
}

// parseField splits one field line. A line without a colon is a value without
// a name.
func parseField(line string) (wire.Field, string) {
	i := strings.IndexByte(line, ':')
	if i < 0 {
		return wire.Field{Value: strings.TrimSpace(line), Line: line}, codeBadField
	}
	f := wire.Field{Name: line[:i], Value: trimOWS(line[i+1:]), Line: line}
	code := ""
	if n := len(f.Name); n > 0 && isOWS(f.Name[n-1]) {
		f.Name, code = trimOWS(f.Name), codeSpaceBeforeColon
	}
	if !wire.IsToken(f.Name) || !isFieldValue(f.Value) {
		code = codeBadField
	}
	return f, code
}

// unfold appends the lines that go on with the last field to it, all at once:
// there may be very many. It returns folds, empty.
func unfold(fields []wire.Field, folds []string) []string {
	if len(folds) == 0 {
		return folds
	}
	f := &fields[len(fields)-1]
	f.Line += "\r\n" + strings.Join(folds, "\r\n")
	for i, line := range folds {
		folds[i] = trimOWS(line)
	}
	f.Value = trimOWS(f.Value + " " + strings.Join(folds, " "))
	return folds[:0]
}

// parseRequestLine splits a request line (RFC 9112, section 3). The target may
// contain anything: it is what stands between the first and the last space.
func parseRequestLine(line string) (method, target, version string, ok bool) {
	i := strings.IndexByte(line, ' ')
	j := strings.LastIndexByte(line, ' ')
	if i <= 0 || j == i {
		return "", "", "", false
	}
	method, target, version = line[:i], line[i+1:j], line[j+1:]
	return method, target, version, wire.IsToken(method) && isVersion(version) && target != ""
}

// parseStatusLine splits a status line (RFC 9112, section 4). The reason phrase
// may be empty, and so may the space before it.
func parseStatusLine(line string) (version string, status int, reason string, ok bool) {
	version, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	if !isVersion(version) || len(code) != 3 {
		return "", 0, "", false
	}
	n, err := strconv.ParseUint(code, 10, 16)
	return version, int(n), reason, err == nil && n >= 100
}

// isVersion reports whether s is an HTTP version whose messages look like
// HTTP/1 (RFC 9112, section 2.3).
func isVersion(s string) bool {
	return len(s) == len("HTTP/1.1") && strings.HasPrefix(s, "HTTP/1.") && '0' <= s[7] && s[7] <= '9'
}

// isFieldValue reports whether s has no control characters but tabs (RFC 9110,
// section 5.5).
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// trimOWS removes optional white space at both ends.
func trimOWS(s string) string {
	for s != "" && isOWS(s[0]) {
		s = s[1:]
	}
	for s != "" && isOWS(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// isOWS reports whether c is optional white space (RFC 9110, section 5.6.3).
func isOWS(c byte) bool { return c == ' ' || c == '\t' }

// clip shortens what an anomaly quotes.
func clip(s string) string {
	const most = 120
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
