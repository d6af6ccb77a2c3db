package media

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxBoundary bounds a boundary: 70 bytes are allowed (RFC 2046, section 5.1.1).
const maxBoundary = 256

// maxPartHead bounds the head of a part, in bytes; what is longer is none.
const maxPartHead = 8 << 10

// multipart takes apart what is between boundaries (RFC 2046, section 5.1).
type multipart struct {
	delimiter []byte // without the line end before it
	begun     bool   // something has come: the first boundary has no line end before it
	inHead    bool   // at a delimiter, or within the head behind it
	fresh     bool   // nothing of the part's content has come
	over      bool   // behind the last boundary
	ends      bool   // and something was there
}

func newMultipart(t Type) *multipart {
	return &multipart{delimiter: []byte("--" + t.Boundary)}
}

func (m *multipart) consume(to Taker, off int64, b []byte, end bool) int {
	if !m.begun {
		if len(b) < len(m.delimiter) && !end {
			return 0
		}
		m.begun, m.inHead = true, bytes.HasPrefix(b, m.delimiter)
		to.Part(Part{Role: Head})
	}
	n := 0
	for again := true; again && n < len(b); {
		var k int
		rest, at := b[n:], off+int64(n)
		switch {
		case m.over:
			return n + m.epilogue(to, at, rest)
		case m.inHead:
			k, again = m.head(to, at, rest, end)
		default:
			k, again = m.content(to, at, rest, end)
		}
		n += k
	}
	return n
}

// epilogue takes what is behind the last boundary: a line end, most often.
func (m *multipart) epilogue(to Taker, off int64, b []byte) int {
	n := 0
	for n < len(b) && !m.ends && jsontext.IsSpace(b[n]) {
		n++
	}
	if n > 0 {
		to.Data(off, b[:n])
	}
	if n < len(b) {
		if !m.ends {
			m.ends = true
			to.Part(Part{Role: Head})
		}
		to.Data(off+int64(n), b[n:])
	}
	return len(b)
}

// content takes bytes up to the next delimiter. again says that more can be taken.
func (m *multipart) content(to Taker, off int64, b []byte, end bool) (n int, again bool) {
	n, m.inHead = m.next(b, end)
	if n > 0 {
		to.Data(off, b[:n])
		m.fresh = false
	}
	return n, m.inHead
}

// next returns where the next delimiter begins, with the line end before it. If
// none is found, it returns how many bytes are certainly not of one.
func (m *multipart) next(b []byte, end bool) (at int, found bool) {
	for from := 0; ; {
		i := bytes.Index(b[from:], m.delimiter)
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		line := i
		if i > 0 && b[i-1] == '\n' {
			line--
			if i > 1 && b[i-2] == '\r' {
				line--
			}
		} else if i > 0 || !m.fresh {
			continue
		}
		switch is, known := isDelimiter(b[i+len(m.delimiter):], end); {
		case !known:
			return line, false
		case is:
			return line, true
		}
	}
	if end {
		return len(b), false
	}
	return len(b) - m.maybe(b), false
}

// isDelimiter says whether b may follow a delimiter in its line: dashes, blanks,
// or nothing. Boundaries of parts in parts may begin alike.
func isDelimiter(b []byte, end bool) (is, known bool) {
	switch {
	case len(b) == 0:
		return end, end
	case b[0] == '-' && len(b) == 1:
		return end, end
	case b[0] == '-':
		return b[1] == '-', true
	}
	return jsontext.IsSpace(b[0]), true
}

// maybe returns how many bytes at the end of b may begin a delimiter.
func (m *multipart) maybe(b []byte) int {
	for i := max(0, len(b)-len(m.delimiter)-1); i < len(b); i++ {
		rest := b[i:]
		switch {
		case rest[0] == '\n' && m.begins(rest[1:]),
			rest[0] == '\r' && (len(rest) == 1 || rest[1] == '\n' && m.begins(rest[2:])),
			i == 0 && m.fresh && m.begins(rest):
			return len(rest)
		}
	}
	return 0
}

func (m *multipart) begins(b []byte) bool { return bytes.HasPrefix(m.delimiter, b) }

// head takes a boundary and the head behind it, up to the empty line.
func (m *multipart) head(to Taker, off int64, b []byte, end bool) (n int, again bool) {
	line := bytes.Index(b, m.delimiter) + len(m.delimiter)
	if last := b[line:]; bytes.HasPrefix(last, []byte("--")) {
		m.over = true
		to.Part(Part{Role: Frame})
		to.Data(off, b[:line+2])
		return line + 2, true
	}
	n = headEnd(b, line)
	if n < 0 {
		if !end && len(b) <= maxPartHead {
			return 0, false
		}
		n = len(b)
	}
	m.inHead, m.fresh = false, true
	from := n
	if i := bytes.IndexByte(b[line:n], '\n'); i >= 0 {
		from = line + i + 1
	}
	to.Part(Part{Role: Frame})
	to.Data(off, b[:from])
	if until := emptyLine(b[:n], from); until > from {
		to.Part(Part{Role: Head})
		to.Data(off+int64(from), b[from:until])
		from = until
	}
	if from < n {
		to.Part(Part{Role: Frame})
		to.Data(off+int64(from), b[from:n])
	}
	to.Part(m.part(string(b[line:n])))
	return n, true
}

// emptyLine returns where the empty line at the end of b begins, at b[from] or
// later.
func emptyLine(b []byte, from int) int {
	i := len(b)
	if i > from && b[i-1] == '\n' {
		if i--; i > from && b[i-1] == '\r' {
			i--
		}
	}
	return i
}

// headEnd returns where the head ends whose boundary ends at b[i]; -1 if it does
// not yet. A head may be empty.
func headEnd(b []byte, i int) int {
	for first := true; ; first = false {
		k := bytes.IndexByte(b[i:], '\n')
		if k < 0 {
			return -1
		}
		if line := bytes.TrimRight(b[i:i+k], " \t\r"); len(line) == 0 && !first {
			return i + k + 1
		}
		i += k + 1
	}
}

// part reads the head of a part. A field of a form is text unless it says what
// else it is (RFC 7578, section 4.4).
func (m *multipart) part(head string) Part {
	var p Part
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); strings.ToLower(strings.TrimSpace(name)) {
		case "content-type":
			p.Type = TypeOf(value)
		case "content-transfer-encoding":
			p.Encoding = strings.ToLower(value)
		case "content-disposition":
			p.Name = strings.Clone(dispositionName(value)) // without the head, which may be long
		}
	}
	return p
}

// dispositionName returns the parameter name of a Content-Disposition value (RFC
// 7578, section 4.2), also where it is encoded (RFC 8187).
func dispositionName(value string) (name string) {
	_, params, _ := strings.Cut(value, ";")
	for params != "" {
		var called, v string
		called, v, params = parameter(params)
		switch {
		case name == "" && strings.EqualFold(called, "name"):
			name = v
		case strings.EqualFold(called, "name*"):
			if plain, err := url.PathUnescape(v[strings.LastIndexByte(v, '\'')+1:]); err == nil {
				name = plain
			}
		}
	}
	return name
}
