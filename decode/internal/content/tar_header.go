package content

import (
	"bytes"
	"strings"
	"time"
)

// tarBlock is the size of a header, and what all in an archive is padded to, in bytes
// (POSIX.1-2017, pax, "ustar Interchange Format").
const tarBlock = 512

// tarHeader is what the headers of an entry say. Its names are those of a block or of
// records, which are the owner's.
type tarHeader struct {
	flag           byte
	name, link     []byte
	mode, uid, gid int64
	stored         int64 // bytes in the archive, without padding
	size           int64 // of the file
	mtime          time.Time
	sparse         bool // what is stored are the parts that are not empty
}

// The flags that say what an entry is. Those not here are files of other systems.
const (
	tarFile     = '0'
	tarOldFile  = 0
	tarHardLink = '1'
	tarSymlink  = '2'
	tarDir      = '5'
	tarFIFO     = '6'
	tarPax      = 'x' // records for the next entry
	tarGlobal   = 'g' // records for all that follow
	tarLongName = 'L' // GNU: the name of the next entry
	tarLongLink = 'K' // GNU: what that links to
	tarSparse   = 'S' // GNU: a file with holes
)

// The dialects, by what stands behind the field of names.
const (
	ustarMagic = "ustar\x00"
	gnuMagic   = "ustar  \x00"
	starEnd    = "tar\x00" // of the block
)

// isTarHeader says whether a block is a header: it has its sum in it.
func isTarHeader(b []byte) bool {
	want, ok := tarNumber(b[148:156])
	if !ok {
		return false
	}
	var plain, signed int64
	for i, c := range b[:tarBlock] {
		if i >= 148 && i < 156 {
			c = ' '
		}
		plain += int64(c)
		signed += int64(int8(c)) // as some old programs have it
	}
	return want == plain || want == signed
}

// zeros returns how many zeros b begins with.
func zeros(b []byte) int { return len(b) - len(bytes.TrimLeft(b, "\x00")) }

// isZeros says whether b is nothing else, as the blocks at the end of an archive are.
func isZeros(b []byte) bool { return zeros(b) == len(b) }

// parseTar reads a header. It returns false if its size is no number.
func parseTar(b []byte) (h tarHeader, ok bool) {
	h = tarHeader{flag: b[156], name: untilZero(b[:100]), link: untilZero(b[157:257])}
	h.mode, _ = tarNumber(b[100:108])
	h.uid, _ = tarNumber(b[108:116])
	h.gid, _ = tarNumber(b[116:124])
	h.stored, ok = tarNumber(b[124:136])
	if t, known := tarNumber(b[136:148]); known && t != 0 {
		h.mtime = time.Unix(t, 0)
	}
	h.size = h.stored
	if before := tarPrefix(b); len(before) > 0 {
		h.name = append(append(bytes.Clone(before), '/'), h.name...)
	}
	if h.flag == tarSparse && string(b[257:265]) == gnuMagic {
		h.sparse = true
		if real, known := tarNumber(b[483:495]); known {
			h.size = real
		}
	}
	return h, ok
}

// tarPrefix returns what stands before the name. GNU has other things there.
func tarPrefix(b []byte) []byte {
	switch {
	case string(b[257:263]) != ustarMagic:
		return nil
	case string(b[508:512]) == starEnd:
		return untilZero(b[345:476])
	}
	return untilZero(b[345:500])
}

// hasMap says whether the map of holes of h, which b is the header of, goes on in
// another block.
func (h *tarHeader) hasMap(b []byte) bool { return h.flag == tarSparse && h.sparse && b[482] != 0 }

// finish makes h what it is when all that stands before it is known.
func (h *tarHeader) finish() {
	if h.flag == tarOldFile {
		h.flag = tarFile
		if bytes.HasSuffix(h.name, []byte("/")) {
			h.flag = tarDir
		}
	}
	if h.flag >= tarHardLink && h.flag <= tarFIFO {
		h.stored, h.size = 0, 0 // whatever it says: nothing follows
	}
}

// announces says whether what follows is not the content of an entry, but what its
// header cannot say.
func (h *tarHeader) announces() bool {
	return h.flag == tarPax || h.flag == tarGlobal || h.flag == tarLongName || h.flag == tarLongLink
}

// isFile says whether the entry has content that somebody may want.
func (h *tarHeader) isFile() bool { return h.kind() == "file" }

// tarKinds are what entries are called, by their flags.
var tarKinds = [...]string{"file", "hardlink", "link", "char", "block", "dir", "fifo", "file"}

// kind returns what the entry is called.
func (h *tarHeader) kind() string {
	switch {
	case h.flag == tarSparse:
		return "file"
	case h.flag >= tarFile && int(h.flag-tarFile) < len(tarKinds):
		return tarKinds[h.flag-tarFile]
	}
	return "other"
}

// untilZero returns what stands in a field.
func untilZero(b []byte) []byte {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return b[:i]
	}
	return b
}

// tarNumber reads a field that is a number: octal digits among spaces and zeros, or,
// if its first bit is set, binary, the other bits being those of a two's complement.
func tarNumber(b []byte) (int64, bool) {
	if b[0]&0x80 != 0 {
		return tarBinary(b)
	}
	s := strings.Trim(string(b), " \x00")
	if i := strings.IndexByte(s, 0); i >= 0 {
		s = s[:i]
	}
	var n int64
	for i := range len(s) {
		if s[i] < '0' || s[i] > '7' || n >= 1<<60 {
			return 0, false
		}
		n = n<<3 | int64(s[i]-'0')
	}
	return n, true
}

// tarBinary reads a number in binary, which may be longer than ours are.
func tarBinary(b []byte) (int64, bool) {
	var invert byte // of a negative number
	if b[0]&0x40 != 0 {
		invert = 0xff
	}
	var n uint64
	for i, c := range b {
		c ^= invert
		if i == 0 {
			c &= 0x7f
		}
		if n>>56 > 0 {
			return 0, false
		}
		n = n<<8 | uint64(c)
	}
	if n>>63 > 0 {
		return 0, false
	}
	if invert != 0 {
		return ^int64(n), true
	}
	return int64(n), true
}
