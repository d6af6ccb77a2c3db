package buildkit

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// files are the paths of a transfer, by their numbers: who sends them numbers them in
// the order of their STAT packets (fsutil, "send.go").
type files struct {
	share *share
	paths []string
	room  int // of paths, in bytes
	count int // of STAT packets
}

// maxFiles and maxPaths bound what is remembered of a transfer. What is beyond goes
// by its number.
const (
	maxFiles = 4096
	maxPaths = 256 << 10
)

// fileRoom is about what a path takes besides its text.
const fileRoom = 32

// add takes the path of the next file.
func (f *files) add(path string) {
	f.count++
	if len(f.paths) == f.count-1 && len(f.paths) < maxFiles && f.room+len(path) <= maxPaths && f.share.take(len(path)+fileRoom) {
		f.paths = append(f.paths, strings.Clone(path))
		f.room += len(path)
	}
}

// name returns what file number id is called.
func (f *files) name(id uint32) string {
	if int64(id) < int64(len(f.paths)) {
		return f.paths[id]
	}
	return "file " + strconv.FormatUint(uint64(id), 10)
}

// packet is fsutil's packet (types/wire.proto), without its data.
type packet struct {
	Type string          `json:"type"`
	Stat json.RawMessage `json:"stat"`
	ID   uint32          `json:"ID"`
	Data json.RawMessage `json:"data"`
}

// stat is what it tells of a file (types/stat.proto). Mode is one of Go's.
type stat struct {
	Path     string `json:"path"`
	Mode     uint32 `json:"mode"`
	Size     number `json:"size"`
	Linkname string `json:"linkname"`
}

// packet tells what one of the packets says by which files are transferred.
func (v *View) packet(m *wire.Message) ([]Line, bool) {
	var p packet
	if json.Unmarshal(m.Data, &p) != nil {
		return nil, false
	}
	switch p.Type {
	case "", "PACKET_STAT":
		return v.stat(p.Stat)
	case "PACKET_REQ":
		return one("asks for " + v.files.name(p.ID)), true
	case "PACKET_DATA":
		if p.Data == nil {
			return one("end of " + v.files.name(p.ID)), true
		}
		return append(one("data "+v.size(dataSize(&p, m.Size))+" of "+v.files.name(p.ID)), v.text(p.Data)...), true
	case "PACKET_FIN":
		return one("done"), true
	case "PACKET_ERR":
		return []Line{{Kind: wire.KindGRPC, Bad: true, Text: "failed"}}, true
	}
	return nil, false
}

// maxTextLines is how many lines of a file there are in short.
const maxTextLines = 12

// text returns the lines of a piece of a file that is text, unless nobody must see it.
func (v *View) text(data json.RawMessage) (lines []Line) {
	var s string
	if json.Unmarshal(data, &s) != nil || isMasked(s) { // other bytes are no string
		return nil
	}
	s = strings.TrimSuffix(s, "\n")
	for line := range strings.SplitSeq(s, "\n") {
		if len(lines) == maxTextLines && !v.Whole {
			more := int64(strings.Count(s, "\n") + 1 - maxTextLines)
			return append(lines, Line{Kind: wire.KindText, Text: "… " + plural.Of(more, "more line")})
		}
		lines = append(lines, Line{Kind: wire.KindText, Text: strings.TrimSuffix(line, "\r")})
	}
	return lines
}

// isMasked reports whether all of a text stands for what is secret.
func isMasked(s string) bool {
	return strings.HasPrefix(s, "[masked ") && strings.IndexByte(s, ']') == len(s)-1
}

// stat tells of a file; one without a path ends the list.
func (v *View) stat(b json.RawMessage) ([]Line, bool) {
	var s stat
	if len(b) > 0 && json.Unmarshal(b, &s) != nil {
		return nil, false
	}
	if s.Path == "" {
		return one("stat: no more"), true
	}
	v.files.add(s.Path)
	mode := fs.FileMode(s.Mode)
	text := "stat " + s.Path
	if mode.IsDir() {
		text += "/"
	}
	text += fmt.Sprintf(" %04o", mode.Perm()|specialBits(mode))
	switch {
	case s.Linkname != "":
		text += " → " + s.Linkname
	case mode.IsRegular():
		text += " " + v.size(int64(s.Size))
	}
	return one(text), true
}

// specialBits returns the bits of mode that Unix has beside the permissions.
func specialBits(mode fs.FileMode) (bits fs.FileMode) {
	for at, bit := range map[fs.FileMode]fs.FileMode{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if mode&at != 0 {
			bits |= bit
		}
	}
	return bits
}

// dataSize returns how many bytes of a file are in p, whose message has size bytes:
// what is left of that without the fields before them, their tag and their length
// (protobuf, "Encoding").
func dataSize(p *packet, size int64) int64 {
	size -= 2 // the type
	if p.ID > 0 {
		size -= 1 + varint(uint64(p.ID))
	}
	size-- // the tag of the data
	for n := int64(1); n <= 10; n++ {
		if rest := size - n; rest >= 0 && varint(uint64(rest)) == n {
			return rest
		}
	}
	return max(size, 0)
}

// varint returns how many bytes a number takes.
func varint(n uint64) (size int64) {
	for size = 1; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}
