package har

import (
	"errors"
	"fmt"
	"io"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// lexer reads JSON as programs and people write it, to the end of whatever is in
// it, in the memory of one window: what is long goes by in pieces.
//
// It lets pass what can be understood in one way only: comments, commas too many
// or too few, control characters in strings.
type lexer struct {
	r     io.Reader
	buf   []byte // buf[i:n] is not read yet
	i, n  int
	base  int64 // offset of buf[0] in the text
	err   error // of r
	fixes *repairs
	word  []byte // the last one, or the last name
}

// window is how much of a text is looked at.
const window = 64 << 10

func newLexer(r io.Reader, fixes *repairs) *lexer {
	return &lexer{r: r, buf: make([]byte, window), fixes: fixes}
}

// syntaxError is what is no JSON and cannot be taken for any.
type syntaxError struct{ what string }

func (e *syntaxError) Error() string { return e.what }

// offset is how much of the text was read.
func (l *lexer) offset() int64 { return l.base + int64(l.i) }

// more reads on when all in the window was read. It reports false at the end of
// the text.
func (l *lexer) more() bool { return l.ahead(1) > 0 }

// ahead has k bytes in the window, and returns how many there are.
func (l *lexer) ahead(k int) int {
	if l.n-l.i >= k {
		return l.n - l.i
	}
	l.base += int64(l.i)
	l.n = copy(l.buf, l.buf[l.i:l.n])
	l.i = 0
	for idle := 0; l.n < k && l.err == nil; idle++ {
		n, err := l.r.Read(l.buf[l.n:])
		l.n += n
		if l.err = err; n > 0 {
			idle = 0
		} else if idle > 100 {
			l.err = io.ErrNoProgress
		}
	}
	return l.n
}

// end is the error of a text that ends within a value.
func (l *lexer) end() error {
	if l.err == nil || errors.Is(l.err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return l.err
}

// unexpected is the error of a byte that stands where it cannot, or of the end.
func (l *lexer) unexpected(where string) error {
	if !l.more() {
		return l.end()
	}
	return &syntaxError{fmt.Sprintf("%q %s", l.buf[l.i], where)}
}

// next returns the next byte that is neither white space nor in a comment,
// without taking it; 0 if there is none, and another control character for a byte
// that is 0.
func (l *lexer) next() byte {
	for {
		for l.i < l.n {
			switch c := l.buf[l.i]; {
			case jsontext.IsSeparator(c):
				l.i++
			case c == '/' && l.comment(), c == mark[0] && l.byteOrderMark():
			case c == 0:
				return 1
			default:
				return c
			}
		}
		if !l.more() {
			return 0
		}
	}
}

// mark is the byte order mark, which stands before each of several files that
// were put together.
const mark = "\ufeff"

func (l *lexer) byteOrderMark() bool {
	if l.ahead(len(mark)) < len(mark) || string(l.buf[l.i:l.i+len(mark)]) != mark {
		return false
	}
	l.i += len(mark)
	return true
}

// comment goes behind the comment that begins here, if one does.
func (l *lexer) comment() bool {
	if l.ahead(2) < 2 {
		return false
	}
	last := byte('\n')
	switch l.buf[l.i+1] {
	case '/':
	case '*':
		last = '/'
	default:
		return false
	}
	l.fixes.add(comment)
	l.i += 2
	for before := byte(0); l.i < l.n || l.more(); l.i++ {
		c := l.buf[l.i]
		if c == last && (last == '\n' || before == '*') {
			l.i++
			break
		}
		before = c
	}
	return true
}

// item goes to the next item of what ends with a bracket, of which n were read.
// It reports false behind the last.
func (l *lexer) item(bracket byte, n int) (bool, error) {
	for commas := 0; ; {
		switch l.next() {
		case 0:
			return false, l.end()
		case ',':
			commas++
			l.i++
			continue
		case bracket:
			l.i++
			if commas > 0 {
				l.fixes.add(oddComma)
			}
			return false, nil
		case '}', ']':
			return false, l.unexpected("instead of the other bracket")
		}
		if commas != min(n, 1) {
			l.fixes.add(oddComma)
		}
		return true, nil
	}
}

// name reads the name of a member, and the colon behind it. It is valid until
// the next one, and cut if no member has a name as long.
func (l *lexer) name() (name []byte, err error) {
	if l.next() != '"' {
		return nil, l.unexpected("instead of a name")
	}
	const most = 256
	if l.word, _, err = l.quoted(l.word[:0], most); err != nil {
		return nil, err
	}
	if l.next() != ':' {
		return nil, l.unexpected("instead of a colon")
	}
	l.i++
	name, _ = jsontext.Unquote(l.word)
	return name, nil
}

// plainWord reads a number, or a word such as true: all up to what ends it, of
// which it returns the beginning. It is valid until the next one.
func (l *lexer) plainWord() ([]byte, error) {
	const most = 128
	l.word = l.word[:0]
	begin := l.offset()
	for ; (l.i < l.n || l.more()) && !endsWord[l.buf[l.i]]; l.i++ {
		if len(l.word) < most {
			l.word = append(l.word, l.buf[l.i])
		}
	}
	if l.offset() == begin {
		return nil, l.unexpected("instead of a value")
	}
	return l.word, nil
}

// endsWord are the bytes that end a number or a word.
var endsWord = func() (t [256]bool) {
	for c := range t {
		t[c] = c <= ' '
	}
	for _, c := range `,:"{}[]/` {
		t[c] = true
	}
	return t
}()

// skip goes behind the value that comes next, whatever it is and however long.
func (l *lexer) skip() error {
	for depth := 0; ; {
		switch c := l.next(); c {
		case 0:
			return l.end()
		case '"':
			if err := l.skipString(); err != nil {
				return err
			}
		case '{', '[':
			depth++
			l.i++
		case '}', ']':
			depth--
			l.i++
		default:
			if depth > 0 {
				l.i++
			} else if _, err := l.plainWord(); err != nil {
				return err
			}
		}
		if depth <= 0 {
			return nil
		}
		for l.i < l.n && !nests[l.buf[l.i]] {
			l.i++
		}
	}
}

// nests are the bytes that matter within brackets.
var nests = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true, '/': true}

func (l *lexer) skipString() error {
	for l.i++; l.i < l.n || l.more(); {
		l.i += jsontext.Ordinary(l.buf[l.i:l.n])
		switch {
		case l.i == l.n:
		case l.buf[l.i] == '"':
			l.i++
			return nil
		case l.buf[l.i] != '\\':
			l.i++
		case l.ahead(2) < 2: // the text ends behind the backslash
			l.i = l.n
		default:
			l.i += 2
		}
	}
	return l.end()
}
