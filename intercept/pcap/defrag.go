package pcap

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

const (
	// maxFragmented is how many packets may wait for their fragments at once:
	// beyond it, the oldest is given up.
	maxFragmented = 128
	// maxPieces is how many fragments a packet may have: as many as of the
	// smallest size that links have.
	maxPieces = 1024
	// maxPacket is how long a packet can be. No more is kept of its fragments,
	// which may overlap.
	maxPacket = 1<<16 - 1
	// fragmentTime is how long fragments wait (RFC 8200, section 4.5): later
	// ones are of another packet with the same number.
	fragmentTime = 60 * time.Second
)

// fragmentKey is what the fragments of a packet have in common.
type fragmentKey struct {
	src, dst netip.Addr
	id       uint32
	protocol byte
}

// defrag puts fragments of IP packets together.
type defrag struct {
	waiting []*fragmented // oldest first
	given   int           // packets that were given up
}

// fragmented is a packet of which fragments are missing.
type fragmented struct {
	key    fragmentKey
	since  time.Time
	pieces []piece // in the order of their offsets
	bytes  int     // in pieces
	size   int     // of the whole; -1 as long as the last was not seen
}

type piece struct {
	offset int
	data   []byte
}

// add adds a fragment, of which it keeps a copy, and returns the payload of the
// whole packet if it is complete.
func (d *defrag) add(key fragmentKey, now time.Time, offset int, more bool, data []byte) []byte {
	i := slices.IndexFunc(d.waiting, func(f *fragmented) bool { return f.key == key })
	if i >= 0 && now.Sub(d.waiting[i].since) > fragmentTime {
		d.giveUp(i)
		i = -1
	}
	if i < 0 {
		if len(d.waiting) == maxFragmented {
			d.giveUp(0)
		}
		i = len(d.waiting)
		d.waiting = append(d.waiting, &fragmented{key: key, since: now, size: -1})
	}
	f := d.waiting[i]
	if !f.insert(offset, more, data) {
		d.giveUp(i)
		return nil
	}
	whole := f.whole()
	if whole != nil {
		d.waiting = slices.Delete(d.waiting, i, i+1)
	}
	return whole
}

func (d *defrag) giveUp(i int) {
	d.waiting = slices.Delete(d.waiting, i, i+1)
	d.given++
}

// insert keeps a copy of a fragment. It reports whether the packet still can
// become complete.
func (f *fragmented) insert(offset int, more bool, data []byte) bool {
	end := offset + len(data)
	if f.bytes += len(data); f.bytes > maxPacket || end > maxPacket || len(f.pieces) == maxPieces {
		return false
	}
	if !more {
		if f.size >= 0 && f.size != end {
			return false
		}
		f.size = end
	}
	i, found := slices.BinarySearchFunc(f.pieces, offset, func(p piece, offset int) int { return cmp.Compare(p.offset, offset) })
	if found && len(f.pieces[i].data) >= len(data) {
		f.bytes -= len(data) // the same again
		return true
	}
	f.pieces = slices.Insert(f.pieces, i, piece{offset, slices.Clone(data)})
	return true
}

// whole returns the payload if nothing is missing.
func (f *fragmented) whole() []byte {
	end := 0
	for _, p := range f.pieces {
		if p.offset > end {
			return nil
		}
		end = max(end, p.offset+len(p.data))
	}
	if f.size < 0 || end != f.size {
		return nil
	}
	b := make([]byte, 0, end)
	for _, p := range f.pieces {
		b = append(b, p.data[min(len(b)-p.offset, len(p.data)):]...)
	}
	return b
}
