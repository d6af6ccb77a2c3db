package http1

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/wire"
)

// fault is what is wrong with a head, and where in it.
type fault struct {
	at int
	anomaly.Fault
}

func newFault(at int, code, line string) fault {
	return fault{at, anomaly.Fault{Code: code, Detail: strconv.Quote(clip(line))}}
}

// parseFields reads the field lines of a head or trailer section (RFC 9112,
// section 5), up to the empty line. s begins at offset at of the head. Whatever
// is wrong, every line is in the result. It is in the memory of fields, if that
// is not nil. The faults are appended to those that are given.
func parseFields(s string, at int, fields []wire.Field, faults []fault) ([]wire.Field, []fault) {
	if fields == nil {
		fields = make([]wire.Field, 0, strings.Count(s, "\n"))
	}
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
		if bare {
			faults = append(faults, newFault(at, anomaly.BareLF, line))
		}
		if line == "" {
			break
		}
		switch {
		case isOWS(line[0]) && len(fields) > 0:
			folds = append(folds, line)
			faults = append(faults, newFault(at, anomaly.Fold, line))
		default:
			folds = unfold(fields, folds)
			f, code := parseField(line)
			if code != "" {
				faults = append(faults, newFault(at, code, line))
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
		return wire.Field{Value: strings.TrimSpace(line), Line: line}, anomaly.BadField
	}
	f := wire.Field{Name: line[:i], Value: trimOWS(line[i+1:]), Line: line}
	code := ""
	if n := len(f.Name); n > 0 && isOWS(f.Name[n-1]) {
		f.Name, code = trimOWS(f.Name), anomaly.SpaceBeforeColon
	}
	if !wire.IsToken(f.Name) || !isFieldValue(f.Value) {
		code = anomaly.BadField
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
