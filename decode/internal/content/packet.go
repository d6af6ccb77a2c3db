package content

import (
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/protowire"
	"github.com/socktrace/socktrace/wire"
)

// packetType is the type of the packets by which BuildKit transfers files.
const packetType = "fsutil.types.Packet"

// maxPacketHead is how much of a packet is held for the sum of the files alone, in
// bytes: the path of a file, and more.
const maxPacketHead = 8 << 10

// maxReadable is how many files of a transfer can be shown as text.
const maxReadable = 32

// What a packet is (fsutil, types/wire.proto).
const (
	packetStat = 0
	packetData = 2
)

// transfer adds up the files that packets describe and carry. Only the largest is
// kept, and which ones are read by people.
type transfer struct {
	sum      wire.Files
	begun    uint64                 // how many files were described: they are called by their number
	wanted   func(path string) bool // whether people read a file; nil: none
	readable []uint64               // those that are Dockerfiles and the like
}

// newTransfer returns what adds up the files that a call of a method transfers for some
// role; nil if there are none.
func newTransfer(name, role string, wanted func(path string) bool) *transfer {
	service, method, _ := strings.Cut(name, "/")
	if method != "DiffCopy" || service != "moby.filesync.v1.FileSync" && service != "moby.filesync.v1.FileSend" {
		return nil
	}
	t := &transfer{wanted: wanted}
	t.sum.Role = role
	return t
}

// packet is what the sum needs of a Packet.
type packet struct {
	kind, id uint64
	data     int64 // bytes of the content of a file
	stat     []byte
	is       bool // it describes a file
}

// add adds a packet, of which only the beginning may be there, and so many bytes never
// come. It reports whether it is a piece of a file that people read.
func (t *transfer) add(b []byte, missing int64) (readable bool) {
	p := readPacket(b)
	switch {
	case p.kind == packetStat && p.is:
		t.describe(p.stat)
	case p.kind == packetData:
		t.sum.Bytes += max(p.data-missing, 0)
	}
	return t.reads(b)
}

// reads reports whether a packet is a piece of a file that people read, by its
// beginning.
func (t *transfer) reads(head []byte) bool {
	p := readPacket(head)
	return p.kind == packetData && slices.Contains(t.readable, p.id)
}

// readPacket reads the beginning of a packet.
func readPacket(b []byte) (p packet) {
	for len(b) > 0 {
		number, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return p
		}
		b = b[n:]
		switch {
		case typ == protowire.VarintType && (number == 1 || number == 3):
			v, _ := protowire.ConsumeVarint(b)
			if number == 1 {
				p.kind = v
			} else {
				p.id = v
			}
		case typ == protowire.BytesType && (number == 2 || number == 4):
			size, n := protowire.ConsumeVarint(b)
			if n < 0 {
				return p
			}
			if number == 4 {
				p.data = int64(min(size, 1<<32))
			} else {
				p.is, p.stat = true, b[n:][:min(size, uint64(len(b)-n))]
			}
		}
		if n = protowire.ConsumeFieldValue(number, typ, b); n < 0 {
			return p
		}
		b = b[n:]
	}
	return p
}

// describe adds a file by what is said of it (fsutil, types/stat.proto). What is said
// of none ends the list.
func (t *transfer) describe(stat []byte) {
	if len(stat) == 0 {
		return
	}
	var name, link string
	var mode, size uint64
	for len(stat) > 0 {
		number, typ, n := protowire.ConsumeTag(stat)
		if n < 0 {
			break
		}
		stat = stat[n:]
		switch {
		case number == 1 && typ == protowire.BytesType:
			v, _ := protowire.ConsumeBytes(stat)
			name = string(v)
		case number == 2 && typ == protowire.VarintType:
			mode, _ = protowire.ConsumeVarint(stat)
		case number == 5 && typ == protowire.VarintType:
			size, _ = protowire.ConsumeVarint(stat)
		case number == 7 && typ == protowire.BytesType:
			v, _ := protowire.ConsumeBytes(stat)
			link = string(v)
		}
		if n = protowire.ConsumeFieldValue(number, typ, stat); n < 0 {
			break
		}
		stat = stat[n:]
	}
	if fs.FileMode(mode).IsRegular() && link == "" {
		t.file(name, int64(size))
	} else {
		t.sum.Others++
	}
	t.begun++
}

// file adds a regular file.
func (t *transfer) file(name string, size int64) {
	t.sum.Files++
	t.sum.Listed += min(max(size, 0), math.MaxInt64-t.sum.Listed)
	if size > t.sum.Most {
		t.sum.Largest, t.sum.Most = strings.Clone(name), size
	}
	if t.wanted != nil && len(t.readable) < maxReadable && t.wanted(name) {
		t.readable = append(t.readable, t.begun)
	}
}

// tell tells the sum, if there is one.
func (t *transfer) tell(out Out) {
	if t.sum.Files+t.sum.Others+t.sum.Bytes > 0 {
		sum := t.sum
		out.Carried(&sum)
	}
}
