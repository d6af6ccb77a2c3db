package content

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxTarName bounds the names of entries and of what they link to: no system has
// longer paths.
const maxTarName = 4096

// appendEntry appends h as JSON. What is zero or empty is left out.
func appendEntry(b []byte, h *tarHeader) []byte {
	w := jsontext.Writer{B: append(b, '{')}
	name, odd := tarText(h.name)
	link, oddLink := tarText(h.link)
	w.Text("name", name)
	w.Word("type", h.kind())
	if mode := h.mode & 0o7777; mode != 0 {
		w.Word("mode", fmt.Sprintf("%04o", mode))
	}
	w.Count("size", h.size)
	if year := h.mtime.UTC().Year(); !h.mtime.IsZero() && year > 0 && year < 10_000 {
		w.Word("mtime", h.mtime.UTC().Format(time.RFC3339Nano))
	}
	w.Count("uid", h.uid)
	w.Count("gid", h.gid)
	if len(link) > 0 && h.isLink() {
		w.Text("link", link)
	}
	w.Flag("sparse", h.sparse)
	w.Flag("escaped", odd || oddLink)
	w.Close('}')
	return w.B
}

// isLink says whether the entry is another name of something.
func (h *tarHeader) isLink() bool { return h.flag == tarHardLink || h.flag == tarSymlink }

// tarText returns a name as text. Where it is not UTF-8, bytes that are not are as in
// "\xff", and backslashes are doubled: escaped says so. What is too long is cut.
func tarText(b []byte) (text []byte, escaped bool) {
	b = b[:min(len(b), maxTarName)]
	if whole, _ := jsontext.TrimPartial(b); len(b) == maxTarName {
		b = whole
	}
	if utf8.Valid(b) {
		return b, false
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			text = fmt.Appendf(text, `\x%02x`, b[0])
		case r == '\\':
			text = append(text, `\\`...)
		default:
			text = append(text, b[:n]...)
		}
		b = b[n:]
	}
	return text, true
}

// leads says whether a name leads out of the folder that an archive is unpacked to.
func leads(name []byte) bool { return bytes.HasPrefix(name, []byte("/")) || climbs(name, 0) }

// climbs says whether a path leads out of the archive from a folder that is depth deep
// in it.
func climbs(path []byte, depth int) bool {
	for part := range bytes.SplitSeq(path, []byte("/")) {
		switch string(part) {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return true
			}
		default:
			depth++
		}
	}
	return false
}

// linksOut says whether h links to something that is not in the archive. A symbolic
// link with an absolute path is usual in what is the root of a container, and leads to
// a place in that.
func (h *tarHeader) linksOut() bool {
	switch h.flag {
	case tarHardLink:
		return leads(h.link)
	case tarSymlink:
		return !bytes.HasPrefix(h.link, []byte("/")) && climbs(h.link, depthOf(h.name))
	}
	return false
}

// depthOf returns how many folders an entry is in.
func depthOf(name []byte) int {
	depth := -1
	for part := range bytes.SplitSeq(name, []byte("/")) {
		if len(part) > 0 && string(part) != "." {
			depth++
		}
	}
	return max(depth, 0)
}
