package chain

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Zero is what the first line of all has in the place of a hash before it.
const Zero = "0000000000000000000000000000000000000000000000000000000000000000"

const (
	digits    = 2 * sha256.Size
	seqBegins = `{"seq":`
	prevIs    = `,"prev":"`
	hashIs    = `","hash":"` // with the end of prev
	lineEnds  = `"}`
	// sealSize is the size of all that follows the members of a line.
	sealSize = len(prevIs) + digits + len(hashIs) + digits + len(lineEnds)
)

// MaxLine bounds a line, in bytes.
const MaxLine = 1 << 20

// seal appends a line with these members to dst, and a line feed. It returns the line's
// hash.
func seal(dst []byte, seq int64, members []byte, prev string) (line []byte, hash string) {
	from := len(dst)
	dst = append(dst, seqBegins...)
	dst = strconv.AppendInt(dst, seq, 10)
	if len(members) > 0 {
		dst = append(append(dst, ','), members...)
	}
	dst = append(append(append(dst, prevIs...), prev...), '"')
	sum := sha256.Sum256(dst[from:])
	hash = hex.EncodeToString(sum[:])
	dst = append(append(append(dst, hashIs[1:]...), hash...), lineEnds...)
	return append(dst, '\n'), hash
}

// sealed is what a line says of its place.
type sealed struct {
	seq        int64
	prev, hash string
	true       bool // hash is that of the line
}

// open reads the seal of a line, without its line feed; false if it has none.
func open(line []byte) (s sealed, ok bool) {
	if len(line) < len(seqBegins)+1+sealSize || !bytes.HasPrefix(line, []byte(seqBegins)) || !bytes.HasSuffix(line, []byte(lineEnds)) {
		return s, false
	}
	rest := line[len(line)-sealSize:]
	rest, ok = bytes.CutPrefix(rest, []byte(prevIs))
	if !ok || !bytes.HasPrefix(rest[digits:], []byte(hashIs)) {
		return s, false
	}
	s.prev, s.hash = string(rest[:digits]), string(rest[digits+len(hashIs):][:digits])
	if !IsHash(s.prev) || !IsHash(s.hash) {
		return s, false
	}
	number := line[len(seqBegins):]
	end := bytes.IndexAny(number, ",}")
	seq, err := strconv.ParseUint(string(number[:max(end, 0)]), 10, 63)
	if err != nil || seq == 0 {
		return s, false
	}
	s.seq = int64(seq)
	sum := sha256.Sum256(line[:len(line)-len(hashIs)+1-digits-len(lineEnds)])
	s.true = hex.EncodeToString(sum[:]) == s.hash
	return s, true
}

// IsHash reports whether s is a hash as lines have it: in lower case.
func IsHash(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == digits
}
