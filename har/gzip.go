package har

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
)

// gzipFile is a document in a file with one gzip member (RFC 1952), which is
// complete after every call:
//
//	header, deflated entries …│ stored blocks: tail │ CRC-32 │ size
//	                          pos                            end
//
// The deflate stream is flushed to a byte border after each entry and goes on
// where the stored blocks are. What was written there is never left behind the
// member: a shorter tail is filled up with spaces.
type gzipFile struct {
	f     diskFile
	z     *flate.Writer
	out   bytes.Buffer // of z
	pos   int64
	end   int64
	crc   uint32 // of what is before pos, not compressed
	n     uint32 // its size
	tail  []byte // as it is in the file
	block []byte
}

// newGzipFile begins a document in f, which is empty.
func newGzipFile(f diskFile) (*gzipFile, error) {
	g := &gzipFile{f: f}
	// RFC 1952, section 2.3: no flags, no time, an unknown system.
	header := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff}
	if _, err := f.WriteAt(header, 0); err != nil {
		return nil, err
	}
	g.pos = int64(len(header))
	var err error
	g.z, err = flate.NewWriter(&g.out, flate.BestSpeed)
	return g, err
}

func (g *gzipFile) size() int64 { return g.pos }

func (g *gzipFile) extend(entry, tail []byte, changed bool) error {
	g.out.Reset()
	crc, n := g.crc, g.n
	if len(entry) > 0 {
		g.z.Write(entry) // to memory: it does not fail
		g.z.Flush()
		crc = crc32.Update(crc, crc32.IEEETable, entry)
		n += uint32(len(entry))
	}
	flushed := int64(g.out.Len())
	g.block = appendEnd(append(g.block[:0], g.out.Bytes()...), tail, crc, n)
	if short := g.end - g.pos - int64(len(g.block)); short > 0 {
		// A filled tail may need one more block header.
		tail = appendSpaces(bytes.Clone(tail), int(short))
		g.block = appendEnd(append(g.block[:0], g.out.Bytes()...), tail, crc, n)
	}
	if _, err := g.f.WriteAt(g.block, g.pos); err != nil {
		g.restore()
		return err
	}
	g.end = g.pos + int64(len(g.block))
	g.pos += flushed
	g.crc, g.n = crc, n
	g.tail = append(g.tail[:0], tail...)
	return nil
}

// appendEnd appends the end of a member: stored blocks (RFC 1951, section
// 3.2.4), the checksum and the size of everything.
func appendEnd(dst, tail []byte, crc uint32, n uint32) []byte {
	const most = 0xffff
	crc = crc32.Update(crc, crc32.IEEETable, tail)
	n += uint32(len(tail))
	for final := false; !final; {
		b := tail[:min(len(tail), most)]
		tail = tail[len(b):]
		final = len(tail) == 0
		head := byte(0)
		if final {
			head = 1
		}
		size := uint16(len(b))
		dst = append(dst, head)
		dst = binary.LittleEndian.AppendUint16(dst, size)
		dst = binary.LittleEndian.AppendUint16(dst, ^size)
		dst = append(dst, b...)
	}
	dst = binary.LittleEndian.AppendUint32(dst, crc)
	return binary.LittleEndian.AppendUint32(dst, n)
}

// restore makes the file a member again after a write has failed.
func (g *gzipFile) restore() {
	b := appendEnd(nil, g.tail, g.crc, g.n)
	g.f.WriteAt(b, g.pos)
	g.end = g.pos + int64(len(b))
	g.f.Truncate(g.end)
}

func (g *gzipFile) finish(tail []byte) error {
	return firstError(g.extend(nil, tail, true), g.f.Close())
}

func (g *gzipFile) abandon() { g.f.Close() }
