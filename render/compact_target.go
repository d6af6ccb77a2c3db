package render

import "bytes"

// idLength is how many digits the id of a container, image or layer has, and
// idDigits how many of them docker shows.
const (
	idLength = 64
	idDigits = 12
)

// findID returns where a whole id is in s, -1 if nowhere.
func findID(s string) int {
	for i := 0; i+idLength <= len(s); {
		j := i + idLength
		for j > i && isHex(s[j-1]) {
			j--
		}
		if j > i { // the digit is none
			i = j
			continue
		}
		end := i + idLength
		if (i == 0 || !inWord(s[i-1])) && (end == len(s) || !inWord(s[end])) {
			return i
		}
		for i = end; i < len(s) && inWord(s[i]); i++ {
		}
	}
	return -1
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

func inWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

// appendShort appends s with as many digits of each id in it, and more for the others.
func appendShort(dst []byte, s string, digits int, more string) []byte {
	for i := findID(s); i >= 0; i = findID(s) {
		dst = append(append(dst, s[:i+digits]...), more...)
		s = s[i+idLength:]
	}
	return append(dst, s...)
}

// cutTarget returns a target, escaped, in at most room columns. Ids are cut first, to
// the 12 digits that docker shows or to 6, then the query, then the middle of the
// path.
func cutTarget(target string, room int, more string) []byte {
	short := appendEscaped(nil, appendShort(nil, target, idDigits, more), "", "")
	if columns(short) <= room {
		return short
	}
	query := "?" + more
	if path, _, _ := bytes.Cut(short, []byte{'?'}); columns(path)+columns([]byte(query)) > room {
		short = appendEscaped(nil, appendShort(nil, target, idDigits/2, more), "", "")
	}
	path, _, asked := bytes.Cut(short, []byte{'?'})
	switch {
	case asked && columns(path)+columns([]byte(query)) <= room:
		return cut(short, room, 0, more)
	case asked:
		path = append(path[:len(path):len(path)], query...)
	}
	return bytes.ReplaceAll(cut(path, room, room/2, more), []byte(more+more), []byte(more))
}

// cut returns b, which has no colours, in at most room columns: its beginning,
// more for what is left out, and about the last end columns of it.
func cut(b []byte, room, end int, more string) []byte {
	room -= columns([]byte(more))
	if columns(b) <= room+columns([]byte(more)) {
		return b
	}
	head, n := 0, 0
	for {
		l, c := unit(b[head:])
		if n+c > room-end {
			break
		}
		head, n = head+l, n+c
	}
	tail := head
	for rest := columns(b[head:]); rest > room-n || end == 0 && tail < len(b); {
		l, c := unit(b[tail:])
		tail, rest = tail+l, rest-c
	}
	return append(append(append([]byte(nil), b[:head]...), more...), b[tail:]...)
}
