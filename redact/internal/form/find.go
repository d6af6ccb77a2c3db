package form

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// Index returns where the first form begins in b; -1 if none does. What begins
// like one may turn out to be none.
func Index(b []byte) int {
	if start, _, f := find(b); f != nil {
		return start
	}
	return -1
}

// lookout is where a pair of bytes stands in a prefix.
type lookout struct {
	prefix *prefix
	at     int
}

// lookouts are those for each pair of bytes, and pairs the place of that in
// it; 0 if there are none. Each prefix has two pairs one byte apart: to look at
// every other pair is enough.
var (
	lookouts = [][]lookout{nil}
	pairs    = func() (t [1 << 16]uint8) {
		for i := range prefixes {
			p := &prefixes[i]
			for at := p.at; at <= p.at+1; at++ {
				for _, pair := range spellings(p.text[at:at+2], p.fold) {
					if t[pair] == 0 {
						t[pair] = uint8(len(lookouts))
						lookouts = append(lookouts, nil)
					}
					lookouts[t[pair]] = append(lookouts[t[pair]], lookout{p, at})
				}
			}
		}
		return t
	}()
)

// spellings returns a pair of bytes as an index of pairs, in all cases if fold.
func spellings(two string, fold bool) (all []uint16) {
	for _, s := range [...]string{two, strings.ToUpper(two), strings.ToUpper(two[:1]) + two[1:], two[:1] + strings.ToUpper(two[1:])} {
		if pair := uint16(s[0]) | uint16(s[1])<<8; (fold || s == two) && !slices.Contains(all, pair) {
			all = append(all, pair)
		}
	}
	return all
}

// find returns the place of the first prefix in b, and its form; nil if there
// is none.
func find(b []byte) (start, end int, f *form) {
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
				if start, end, f = prefixNear(b, i, lookouts[n]); f != nil {
					return start, end, f
				}
			}
		}
	}
	return 0, 0, nil
}

// prefixNear returns the prefix that the pair at b[i:] belongs to.
func prefixNear(b []byte, i int, near []lookout) (start, end int, f *form) {
	for _, l := range near {
		p := l.prefix
		start = i - l.at
		if !chars.HasPrefixAt(b, start, p.text) && !(p.fold && chars.HasFoldAt(b, start, p.text)) {
			continue
		}
		end = start + len(p.text)
		switch {
		case p.form.word && start > 0 && chars.Alnum[b[start-1]]:
			continue
		case p.form.kind == urls:
			end = userEnd(b, end)
		case p.form.kind == blocks:
			end = labelEnd(b, end)
		}
		if end > 0 {
			return start, end, p.form
		}
	}
	return 0, 0, nil
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
