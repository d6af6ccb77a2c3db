package redact

import (
	"bytes"
	"encoding/base64"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
)

// keyString takes the key whose inside is text[from:to].
func (w *walker) keyString(from, to int, ended, escaped bool) {
	if len(w.open) > 0 && w.top().secret {
		w.found = w.found.Either(w.r.marks, w.text, from, to, ended, w.path())
		return
	}
	called := w.text[from:to]
	if escaped {
		called = bytes.Clone(w.unescape(called))
	}
	if ended {
		w.key, w.called = w.r.keyOf(called), called
	}
	if escaped || w.hotIn(from, to) {
		w.add(from, escaped, called, func(s mask.Spans) mask.Spans { return form.Find(s, w.r.marks, called, ended, "") })
	}
}

// hotIn says whether some form begins in text[from:to]. It is asked about one
// string after another, and looks through the text once.
func (w *walker) hotIn(from, to int) bool {
	if w.hot < from {
		w.lookOn(from)
	}
	return w.hot < to
}

// lookOn finds the next form in text[from:].
func (w *walker) lookOn(from int) {
	w.hot = len(w.text)
	if start := form.Index(w.text[from:]); start >= 0 {
		w.hot = from + start
	}
}

// add adds what look finds in s, the string whose inside begins at from, to
// what was found in the text.
func (w *walker) add(from int, escaped bool, s []byte, look func(mask.Spans) mask.Spans) {
	n := len(w.found)
	w.found = look(w.found)
	if len(w.found) == n {
		return
	}
	added := w.found[n:].Sorted()
	w.found = w.found[:n+len(added)]
	name, at := w.path(), offset{}
	for i := range added {
		sp := &added[i]
		if escaped {
			raw := w.text[from:]
			sp.From, sp.To = at.in(raw, sp.From), at.in(raw, sp.To)
		}
		sp.From, sp.To, sp.Name = from+sp.From, from+sp.To, name+sp.Name
	}
}

// valueString takes the value whose inside is text[from:to]; it is not empty.
func (w *walker) valueString(from, to int, ended, escaped bool) {
	rule := w.rule()
	look := escaped || w.hotIn(from, to) // for forms
	if rule == nil && !look {
		return
	}
	s := w.text[from:to]
	if escaped {
		s = w.unescape(s)
	}
	w.add(from, escaped, s, func(found mask.Spans) mask.Spans {
		if rule != nil {
			var all bool
			if found, all = rule(w, found, s, ended); all || !look {
				return found
			}
		}
		return form.Find(found, w.r.marks, s, ended, "")
	})
}

// rule looks for what is secret in a string because of where it stands, and
// says whether nothing else is to be looked for in it.
type rule func(w *walker, found mask.Spans, s []byte, ended bool) (mask.Spans, bool)

// noLevel is around what is in no array or object. It is never changed.
var noLevel level

// rule returns the rule for the string value that comes; nil if there is none.
func (w *walker) rule() rule {
	n := len(w.open)
	l := &noLevel
	if n > 0 {
		l = &w.open[n-1]
	}
	switch k := w.key; {
	case k&keySecret != 0, l.secret, n == 0 && w.in.login,
		l.key&keyTokens != 0, !l.object && l.key&keySecret != 0,
		w.in.data && k&keyData != 0:
		return (*walker).secretString
	case l.object && l.key&keyPairs != 0 && n > 1 && !w.open[n-2].object && w.open[n-2].key&keyPairs != 0:
		return (*walker).itemString
	case l.object && l.key&keyPairs != 0:
		return (*walker).pairString
	case l.object && l.key&keyHeaders != 0:
		return (*walker).headerString
	case !l.object && l.key&keyPairs != 0:
		return (*walker).entryString
	case !l.object && l.key&keyWords != 0:
		return (*walker).wordString
	case k&(keyWords|keyText|keyPairs) != 0, !l.object && l.key&keyText != 0:
		return (*walker).textString
	case w.in.authz && k&keyAuthz != 0:
		return (*walker).quotedBody
	case w.in.authz && k&keyTarget != 0:
		return (*walker).targetString
	}
	return nil
}

func (w *walker) secretString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return found.Either(w.r.marks, s, 0, len(s), ended, ""), true
}

// pairString takes a value in an object of names and values. What is no secret
// by name may be options with names of their own.
func (w *walker) pairString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if w.r.isSecretName(w.called) {
		return w.secretString(found, s, ended)
	}
	return w.r.assignments(found, s, 0, w.key&(keyWords|keyText) == 0, ended, ""), false
}

// entryString takes "NAME=value".
func (w *walker) entryString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	name, value, ok := bytes.Cut(s, []byte("="))
	if !ok {
		return found, false
	}
	from := len(name) + 1
	if w.r.isSecretName(name) {
		return found.Either(w.r.marks, s, from, len(s), ended, join("", name)), true
	}
	return w.r.assignments(found, s, len(s)-len(value), true, ended, ""), false
}

// itemString takes a string of an object in an array of such, as the variables
// of plugins are: "Name" is expected before "Value".
func (w *walker) itemString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	l := w.top()
	switch {
	case bytes.EqualFold(w.called, []byte("name")):
		if ended {
			l.told, l.flag = true, w.r.isSecretName(s)
		}
	case bytes.EqualFold(w.called, []byte("value")) && (l.flag || !l.told):
		return w.secretString(found, s, ended)
	}
	return found, false
}

// wordString takes a word of a command line. If it begins with a variable, all
// of it is its value, but in a script, which is text.
func (w *walker) wordString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	l := w.top()
	flagged, script := l.flag, l.script
	if ended {
		l.flag, l.script = false, isShellFlag(s)
	}
	name, value, ok := bytes.Cut(s, []byte("="))
	if name = bytes.TrimLeft(name, "-"); nameChars.Run(name) < len(name) {
		name, ok = nil, false
	}
	switch isFlag := s[0] == '-'; {
	case flagged && !isFlag:
		return w.secretString(found, s, ended)
	case ok && !script && w.r.isSecretName(name):
		return found.Either(w.r.marks, s, len(s)-len(value), len(s), ended, join("", name)), true
	case isFlag && !ok && ended:
		l.flag = w.r.isSecretFlag(name)
	}
	return w.textString(found, s, ended)
}

// isShellFlag says whether the word behind s is a script: "-c" or "-ec" is
// before it, or what Docker calls a health check in a shell.
func isShellFlag(s []byte) bool {
	return len(s) > 1 && len(s) < 5 && s[0] == '-' && s[1] != '-' && s[len(s)-1] == 'c' || string(s) == "CMD-SHELL"
}

func (w *walker) textString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return w.r.assignments(found, s, 0, false, ended, ""), false
}

func (w *walker) headerString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if isSecret(w.called) {
		return w.secretString(found, s, ended)
	}
	return found, false
}

func (w *walker) targetString(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return w.r.targetSpans(found, s, false, ended, ""), true
}

// quotedBody takes the body of another request, in base64. If it is JSON, it
// is masked as such, otherwise all of it is.
func (w *walker) quotedBody(found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	body, err := base64.StdEncoding.DecodeString(string(s))
	if err != nil || !ended || len(bytes.TrimLeft(body, " \r\n\t")) == 0 || !beginsJSON(body) {
		return w.secretString(found, s, ended)
	}
	var inner walker
	inner.start(w.r, "", where{data: true})
	masked, names := inner.next(body, true)
	if inner.broken {
		return w.secretString(found, s, ended)
	}
	for _, name := range names {
		found = append(found, mask.Span{To: len(s), With: base64.StdEncoding.EncodeToString(masked), Name: name})
	}
	return found, true
}

// beginsJSON says whether b begins as an object or an array does.
func beginsJSON(b []byte) bool {
	b = bytes.TrimLeft(b, " \r\n\t\x1e")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// unescape returns the inside of a string without its escapes. What is no
// escape stays. It is valid until the next call.
func (w *walker) unescape(inside []byte) []byte {
	out := w.plain[:0]
	for len(inside) > 0 {
		n := bytes.IndexByte(inside, '\\')
		if n < 0 {
			out = append(out, inside...)
			break
		}
		out = append(out, inside[:n]...)
		var size int
		out, size = escape(out, inside[n:])
		inside = inside[n+size:]
	}
	w.plain = out
	return out
}

// escape appends to out what the character that b begins with stands for, and
// returns its size in b (RFC 8259, section 7).
func escape(out, b []byte) ([]byte, int) {
	if b[0] != '\\' || len(b) < 2 {
		return append(out, b[0]), 1
	}
	switch c := b[1]; c {
	case 'n':
		return append(out, '\n'), 2
	case 't':
		return append(out, '\t'), 2
	case 'r':
		return append(out, '\r'), 2
	case 'b':
		return append(out, '\b'), 2
	case 'f':
		return append(out, '\f'), 2
	case 'u':
		return unicodeEscape(out, b)
	default:
		return append(out, c), 2
	}
}

// unicodeEscape is escape for those that begin with "\u". Two that stand for
// one character are one.
func unicodeEscape(out, b []byte) ([]byte, int) {
	v, ok := hex4(b)
	if !ok {
		return append(out, b[0]), 1
	}
	if utf16.IsSurrogate(v) && len(b) > 7 && b[6] == '\\' && b[7] == 'u' {
		if low, ok := hex4(b[6:]); ok {
			if r := utf16.DecodeRune(v, low); r != utf8.RuneError {
				return utf8.AppendRune(out, r), 12
			}
		}
	}
	return utf8.AppendRune(out, v), 6
}

// hex4 returns the number in an escape with four hexadecimal digits.
func hex4(b []byte) (v rune, ok bool) {
	if len(b) < 6 {
		return 0, false
	}
	for _, c := range b[2:6] {
		d := chars.Hex(c)
		if d < 0 {
			return 0, false
		}
		v = v<<4 | rune(d)
	}
	return v, true
}

// offset follows a place in a string without escapes to where it is in the
// string as it was sent. Places are asked for in order.
type offset struct{ plain, sent int }

// in returns the place in sent, the inside of a string and what follows it, of
// the place n in what unescape makes of it.
func (o *offset) in(sent []byte, n int) int {
	var buf [8]byte
	for o.plain < n {
		is, size := escape(buf[:0], sent[o.sent:])
		o.plain += len(is)
		o.sent += size
	}
	return o.sent
}
