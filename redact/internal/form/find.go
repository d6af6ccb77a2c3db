package form

import (
	"bytes"
	"encoding/binary"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// begun is a form that begins: where its prefix is, and what the name in that says.
type begun struct {
	form       *form // nil: there is none
	start, end int
	says       words.Meaning
}

// Index returns where the first form begins in b; -1 if none does. What begins
// like one may turn out to be none.
func Index(b []byte) int {
	if f := find(b); f.form != nil {
		return f.start
	}
	return -1
}

// find returns the first form that begins in b.
func find(b []byte) begun {
	i := 0
	for i+1 < len(b) {
		if i+8 <= len(b) {
			x := binary.LittleEndian.Uint64(b[i : i+8])
			if pairs[uint16(x)]|pairs[uint16(x>>16)]|pairs[uint16(x>>32)]|pairs[x>>48] == 0 {
				i += 8
				continue
			}
		}
		for end := min(i+8, len(b)-1); i < end; i += 2 {
			if n := pairs[binary.LittleEndian.Uint16(b[i:])]; n != 0 {
				if f := prefixNear(b, i, lookouts[n]); f.form != nil {
					return f
				}
			}
		}
	}
	return begun{}
}

// prefixNear returns the form that the pair at b[i:] belongs to the prefix of.
func prefixNear(b []byte, i int, near []lookout) begun {
	for _, l := range near {
		p := l.prefix
		f := begun{form: p.form, start: i - l.at}
		if !chars.HasPrefixAt(b, f.start, p.text) && !(p.fold && chars.HasFoldAt(b, f.start, p.text)) {
			continue
		}
		f.end = f.start + len(p.text)
		switch {
		case p.form.goesOn(b[:f.start]):
			continue
		case p.form.kind == urls:
			f.end = userEnd(b, f.end)
		case p.form.kind == blocks:
			f.end = labelEnd(b, f.end)
		case p.form.kind == params:
			f.end, f.says = paramEnd(b, f.end)
		}
		if f.end > 0 {
			return f
		}
	}
	return begun{}
}

// goesOn says whether a prefix of f is none behind b. A control sequence of a terminal ends
// words; an escape for a line end or a tab does, as they do; at the front of b its backslash
// may have been in the piece before.
func (f *form) goesOn(b []byte) bool {
	n := len(b)
	if f.behind == nil || n == 0 || !f.behind[b[n-1]] {
		return false
	}
	return (n > 1 && b[n-2] != '\\' || bytes.IndexByte([]byte("nrt"), b[n-1]) < 0) && chars.ControlBefore(b) == 0
}

// userEnd returns where a password may begin: behind the user at b[i:], in a
// URL, and a colon. It returns 0 if there is none.
func userEnd(b []byte, i int) int {
	i += userChars.Run(b[i:min(len(b), i+maxPrefix-8)])
	if i < len(b) && b[i] == ':' {
		return i + 1
	}
	return 0
}

// labelEnd returns the end of the line that begins a PEM block, whose label is
// at b[i:], if it is of a private key; otherwise 0.
func labelEnd(b []byte, i int) int {
	end := i + pemLabel.Run(b[i:min(len(b), i+maxPrefix/2)])
	if bytes.Contains(b[i:end], []byte("PRIVATE KEY")) && chars.HasPrefixAt(b, end, "-----") {
		return end + 5
	}
	return 0
}
