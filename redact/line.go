package redact

import (
	"bytes"
	"strings"
)

// lineState follows lines that look like header fields through the pieces of
// a stream, however it is cut.
type lineState struct {
	tail   []byte // the last maxName bytes before this piece: a name may be cut
	name   string // of the secret field whose value goes on here; empty: not in one
	folded bool   // a secret value has just ended; white space goes on with it
}

// rawLines masks the values in data, the next piece of a stream, of lines that
// look like secret header fields. It returns nil names if there are none.
func (r *Redactor) rawLines(s *lineState, data []byte, prefix string) (out []byte, names []string) {
	copied := 0
	for i := 0; i < len(data); {
		if s.folded && data[i] != ' ' && data[i] != '\t' {
			s.name = ""
		}
		fresh := s.folded || s.name == "" // the value begins in this piece
		s.folded = false
		if s.name == "" {
			n, found := s.findName(data[i:])
			if i += n; !found {
				break
			}
		}
		value, ended := valueOf(data[i:])
		if with, ok := r.lineValue(s.name, string(value), fresh && ended); ok {
			out = append(append(out, data[copied:i]...), with...)
			copied = i + len(value)
			names = append(names, prefix+s.name)
		}
		if !ended {
			break
		}
		i += len(value) + bytes.IndexByte(data[i+len(value):], '\n') + 1
		s.folded, s.tail = true, s.tail[:0]
	}
	if names == nil {
		return nil, nil
	}
	return append(out, data[copied:]...), names
}

// lineValue masks the value of a line, of which this may be only a piece.
func (r *Redactor) lineValue(name, value string, whole bool) (string, bool) {
	if whole {
		return r.value(name, value)
	}
	return partial(len(value)), value != ""
}

// findName returns the size of data up to the value of the first line in it
// that looks like a secret field, and remembers that field's name; false if
// there is none.
func (s *lineState) findName(data []byte) (size int, found bool) {
	for size < len(data) {
		n := bytes.IndexByte(data[size:], ':')
		if n < 0 {
			break
		}
		s.remember(data[size : size+n])
		size += n + 1
		secret := isSecret(s.tail)
		if secret {
			s.name = string(lastToken(s.tail))
		}
		s.tail = s.tail[:0]
		if secret {
			for size < len(data) && (data[size] == ' ' || data[size] == '\t') {
				size++
			}
			return size, true
		}
	}
	s.remember(data[size:])
	return len(data), false
}

// remember keeps the last maxName bytes of what went by.
func (s *lineState) remember(b []byte) {
	if len(b) >= maxName {
		s.tail = append(s.tail[:0], b[len(b)-maxName:]...)
		return
	}
	if over := len(s.tail) + len(b) - maxName; over > 0 {
		s.tail = s.tail[:copy(s.tail, s.tail[over:])]
	}
	s.tail = append(s.tail, b...)
}

// valueOf returns the value that line begins with, without the line's end, and
// whether that is there.
func valueOf(line []byte) (value []byte, ended bool) {
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line, ended = line[:n], true
	}
	return bytes.TrimRight(line, "\r"), ended
}

// maskDetail masks what the detail of an anomaly quotes: the value behind the
// name of a secret field; all of it, if it was said to or by /auth
// (secretive), or if it is a folded line, whose field is not known. It returns
// nil names if there is nothing to mask.
func (r *Redactor) maskDetail(detail, side string, secretive bool) (string, []string) {
	before, quoted, after := cutQuoted(detail)
	name, rest := firstToken(quoted)
	value := strings.TrimLeft(strings.TrimPrefix(rest, `\t`), " ")
	switch blank := value != rest; { // between the name and what follows
	case quoted == "":
	case secretive:
		return before + partial(len(quoted)) + after, []string{side + ".body"}
	case name == "" && blank && value != "":
		return before + partial(len(quoted)) + after, []string{side + ".headers"}
	case blank && value != "" && value[0] != ':' && isSecret(name):
		masked, ok := r.value(name, value)
		if ok {
			return before + name + " " + masked + after, []string{side + ".headers." + name}
		}
	}
	text, end := detail, ""
	if strings.HasSuffix(text, `"`) {
		text, end = text[:len(text)-1], `"`
	}
	// A line end ends the value: it is all there is of it.
	out, names := r.rawLines(new(lineState), append([]byte(text), '\n'), side+".headers.")
	if names == nil {
		return detail, nil
	}
	return string(bytes.TrimSuffix(out, []byte("\n"))) + end, names
}

// cutQuoted cuts s around what stands between its first and its last quote.
func cutQuoted(s string) (before, quoted, after string) {
	i, j := strings.IndexByte(s, '"'), strings.LastIndexByte(s, '"')
	if i == j {
		return s, "", ""
	}
	return s[:i+1], s[i+1 : j], s[j:]
}
