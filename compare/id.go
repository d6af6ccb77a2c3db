package compare

import "strings"

// shortHex is how long ids in hexadecimal digits are where they are cut: programs show them
// so, and daemons take them so.
const shortHex = 12

// key returns what an id is known by: of one in hexadecimal digits what its short form has,
// without what says that it is a digest.
func key(id string) string {
	id = strings.TrimPrefix(id, "sha256:")
	if len(id) > shortHex && isHex(id) {
		return id[:shortHex]
	}
	return id
}

// isID reports whether a word looks made up by a program: a run of hexadecimal digits, as the
// ids of containers and the digests of images are, or 25 digits and small letters, as those of
// Swarm and BuildKit.
func isID(word string) bool {
	if len(word) >= shortHex && isHex(word) {
		return true
	}
	return len(word) == 25 && isMixed(word, 'z')
}

// isHex reports whether s has only hexadecimal digits in lower case.
func isHex(s string) bool { return isMixed(s, 'f') }

// isMixed reports whether s has digits and letters from a to last, and nothing else. It has some of
// both: a long number is no id, nor is a word.
func isMixed(s string, last byte) bool {
	digits, letters := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= last:
			letters++
		default:
			return false
		}
	}
	return digits > 0 && letters > 0
}

// isUUID reports whether s is a UUID as it is written (RFC 9562, section 4).
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
		default:
			return false
		}
	}
	return true
}

// isMadeUpName reports whether a name looks as those that daemons give to containers that were
// given none: two words, and maybe a number.
func isMadeUpName(s string) bool {
	words := 1
	letters := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			letters++
		case c == '_' && letters >= 3:
			words, letters = words+1, 0
		case '0' <= c && c <= '9' && letters >= 3:
		default:
			return false
		}
	}
	return words == 2 && letters >= 3
}
