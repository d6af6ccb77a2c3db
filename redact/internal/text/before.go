package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// What follows returns the name before the mark at text[i], what that says of what
// stands behind the mark, and where the value begins; nothing if it says nothing.

// beforeEquals is for an assignment, but no comparison. The name may be in quotes, as
// that of a label.
func (r *Rules) beforeEquals(text []byte, i int) (called []byte, m words.Meaning, from int) {
	end := i
	if end > 0 && isQuoteAt(text, end-1) {
		end--
	}
	called = nameBefore(text, end)
	if i+1 < len(text) && text[i+1] == '=' {
		return nil, 0, 0
	}
	return called, r.Given.Of(called), i + 1
}

// beforeColon is for secret header fields, and secrets in quoted JSON.
func (r *Rules) beforeColon(text []byte, i int) (called []byte, m words.Meaning, from int) {
	end := i
	for end > max(0, i-4) && isBlank(text[end-1]) {
		end--
	}
	quoted := end > 0 && (text[end-1] == '"' || text[end-1] == '\'')
	if quoted {
		end--
		for end > 0 && text[end-1] == '\\' {
			end--
		}
	}
	called = nameBefore(text, end)
	if quoted {
		if k := r.Keys.Of(called); k&key.Secret != 0 {
			m = k.Meaning()
		}
	} else {
		m = r.Fields.InText(called)
	}
	return called, m, behindBlanks(text, i+1)
}

// beforeBlank is for what a Dockerfile's ENV sets.
func (r *Rules) beforeBlank(text []byte, i int) (called []byte, m words.Meaning, from int) {
	called = nameBefore(text, i)
	if len(called) == 0 || !isEnv(text, i-len(called)) {
		return nil, 0, 0
	}
	return called, r.Given.Of(called), behindBlanks(text, i+1)
}

// amongControls is the same for the mark, and for a name with control sequences of a
// terminal around it. The value begins where it does without them.
func (r *Rules) amongControls(text []byte, i int) (called []byte, m words.Meaning, from int) {
	before := text[max(0, i-2*name.Max):i]
	if !chars.MayControl(before) {
		return nil, 0, 0
	}
	bare := chars.Uncontrolled(make([]byte, 0, len(before)+2), before)
	if len(bare) == len(before) {
		return nil, 0, 0
	}
	end := len(bare)
	bare = append(bare, text[i:min(len(text), i+2)]...)
	switch text[i] {
	case '=':
		called, m, _ = r.beforeEquals(bare, end)
		return called, m, i + 1
	case ':':
		called, m, _ = r.beforeColon(bare, end)
	default:
		called, m, _ = r.beforeBlank(bare, end)
	}
	return called, m, behindBlanks(text, i+1)
}

// isEnv says whether "ENV" is before the name at text[i:].
func isEnv(text []byte, i int) bool {
	return chars.HasPrefixAt(text, i-4, "ENV ") && (i == 4 || !name.Chars[text[i-5]])
}

// nameBefore returns the name that ends before text[i], without dashes at its
// front.
func nameBefore(text []byte, i int) []byte {
	start := i
	for start > 0 && i-start < 2*name.Max && name.Chars[text[start-1]] {
		start--
	}
	return bytes.TrimLeft(text[start:i], "-")
}

// behindBlanks returns where the blanks at text[i:] end.
func behindBlanks(text []byte, i int) int {
	for i < len(text) && isBlank(text[i]) {
		i++
	}
	return i
}

// trimBlanks returns b without the blanks at its end.
func trimBlanks(b []byte) []byte {
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
