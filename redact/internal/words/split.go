package words

import "github.com/socktrace/socktrace/redact/internal/chars"

// maxWords bounds the words of a name that are told apart: the last ones.
const maxWords = 24

// split is a name in lower case, cut into its words: at what is no letter, and
// where a capital begins one, as in "dbPassword" and "SAMLResponse". Digits are in
// no word.
type split struct {
	text [Max]byte
	ends [maxWords]uint8 // of the words, in text
	from [maxWords]uint8
	n    int // how many words there are
}

// word returns the ith word.
func (s *split) word(i int) []byte { return s.text[s.from[i]:s.ends[i]] }

// is says whether the ith word from the end is w.
func (s *split) is(i int, w string) bool { return i < s.n && string(s.word(s.n-1-i)) == w }

// cut cuts the end of name.
func (s *split) cut(name []byte) {
	if len(name) > Max {
		name = name[len(name)-Max:]
	}
	size, begun := 0, 0
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case chars.HasPrefixAt(name, i, "\u017f"): // long s, as encoding/json takes it
			c = 's'
			i++
		case chars.HasPrefixAt(name, i, "\u212a"): // Kelvin sign
			c = 'k'
			i += 2
		case isUpper(c) && i > 0 && (isLower(name[i-1]) || isUpper(name[i-1]) && startsWord(name[i+1:])):
			s.end(begun, size)
			begun = size
		case !isLower(c) && !isUpper(c) && c < 0x80:
			s.end(begun, size)
			begun = size
			continue
		}
		s.text[size] = chars.Lower(c)
		size++
	}
	s.end(begun, size)
}

// end ends the word that has begun.
func (s *split) end(from, to int) {
	if from == to {
		return
	}
	if s.n == maxWords {
		copy(s.from[:], s.from[1:])
		copy(s.ends[:], s.ends[1:])
		s.n--
	}
	s.from[s.n], s.ends[s.n] = uint8(from), uint8(to)
	s.n++
}

// startsWord says whether what follows a capital shows that it begins a word: other
// letters do, but not the "s" of several, as in "IDs".
func startsWord(rest []byte) bool {
	return len(rest) > 0 && isLower(rest[0]) && (rest[0] != 's' || len(rest) > 1 && isLower(rest[1]))
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
