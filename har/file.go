package har

import (
	"bytes"
	"io"
)

// medium is where a document goes: entries, and a tail that completes it. In a file
// the tail given last is always in place, behind the entries: what is stored is a
// whole document after every call. A stream, and a document that is made aside, have
// one when they are finished.
type medium interface {
	// extend writes entry, which may be empty, behind the entries and tail
	// behind that. changed says that tail is not the one of the last call.
	extend(entry, tail []byte, changed bool) error
	// size is that of the document without its tail, in bytes as stored.
	size() int64
	// finish writes the last tail and closes what was opened, whatever
	// failed before.
	finish(tail []byte) error
	// abandon closes what was opened and leaves it as it is; what is made
	// aside is removed.
	abandon()
}

// Files grow by slabs of spaces, which may stand behind a JSON document, and
// entries are written over them: a process that is killed within a write which
// makes a file longer leaves half of it much more often.
const (
	minSlab = 64 << 10
	maxSlab = 1 << 20
)

// diskFile is what documents need of a file.
type diskFile interface {
	io.WriterAt
	io.Closer
	Truncate(size int64) error
}

// plainFile is a document in a file.
//
//	entries …│ gap: spaces │ tail ]}} │ slab: spaces │
//	         pos           │          end            physical
//
// An entry that fits the gap is written there, and nothing else; any other is
// written with a new gap and the tail, at once. So a long tail is not written
// for every entry.
type plainFile struct {
	f        diskFile
	pos      int64
	gap      int64
	end      int64
	physical int64
	slab     int64
	limit    int64  // the slab does not go beyond it; 0: there is none
	tail     []byte // as it is in the file
	buf      []byte
	blank    []byte // spaces
}

func (p *plainFile) size() int64 { return p.pos }

func (p *plainFile) extend(entry, tail []byte, changed bool) error {
	if !changed && int64(len(entry)) <= p.gap {
		if _, err := p.f.WriteAt(entry, p.pos); err != nil {
			p.restore()
			return err
		}
		p.pos += int64(len(entry))
		p.gap -= int64(len(entry))
		return nil
	}
	gap := gapFor(p.pos+int64(len(entry)), len(tail))
	p.buf = append(appendSpaces(append(p.buf[:0], entry...), gap), tail...)
	end := p.pos + int64(len(p.buf))
	p.buf = appendSpaces(p.buf, int(p.end-end)) // over what is left of the old tail
	p.grow(p.pos + int64(len(p.buf)))
	if _, err := p.f.WriteAt(p.buf, p.pos); err != nil {
		p.restore()
		return err
	}
	p.physical = max(p.physical, p.pos+int64(len(p.buf)))
	p.pos += int64(len(entry))
	p.gap, p.end = int64(gap), end
	p.tail = append(p.tail[:0], tail...)
	if cap(p.buf) > maxSlab {
		p.buf = nil
	}
	return nil
}

// pageSize divides that of all systems. What a killed process has written ends
// at a border of pages, if it does not end where it should.
const pageSize = 4096

// gapFor returns how many spaces to leave at offset at, before a tail of n
// bytes. A short tail is kept within a page: then half a write over it is never
// followed by half of it, which may happen to look like a document. A long one
// is kept away from the entries, so that it is not written for each of them.
func gapFor(at int64, n int) int {
	if n > pageSize/2 {
		return min(4*n, 128<<10)
	}
	if room := int(pageSize - at%pageSize); room < n {
		return room
	}
	return 0
}

// appendSpaces appends n spaces, if n is positive.
func appendSpaces(dst []byte, n int) []byte {
	for n > 0 {
		k := min(n, len(spaces))
		dst = append(dst, spaces[:k]...)
		n -= k
	}
	return dst
}

const spaces = "                                                                "

// grow makes the file longer if n bytes would not fit. It is no error if that
// fails: what is written tells.
func (p *plainFile) grow(n int64) {
	if n <= p.physical {
		return
	}
	p.slab = min(max(2*p.slab, minSlab), maxSlab)
	to := (n + p.slab) / p.slab * p.slab
	if p.limit > 0 {
		to = max(min(to, p.limit), n)
	}
	if p.blank == nil {
		p.blank = appendSpaces(nil, minSlab)
	}
	for at := p.physical; at < to; {
		n, err := p.f.WriteAt(p.blank[:min(to-at, minSlab)], at)
		if err != nil {
			p.f.Truncate(p.physical)
			return
		}
		at += int64(n)
	}
	p.physical = to
}

// restore makes the file a document again after a write has failed.
func (p *plainFile) restore() {
	buf := append(appendSpaces(nil, int(p.gap)), p.tail...)
	p.f.WriteAt(buf, p.pos)
	if p.f.Truncate(p.end) == nil {
		p.physical = p.end
	}
}

func (p *plainFile) finish(tail []byte) error {
	end := p.pos + int64(len(tail))
	buf := appendSpaces(bytes.Clone(tail), int(p.end-end))
	_, err := p.f.WriteAt(buf, p.pos)
	if err == nil {
		err = p.f.Truncate(end)
	}
	return firstError(err, p.f.Close())
}

func (p *plainFile) abandon() { p.f.Close() }

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
