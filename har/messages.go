package har

import (
	"bytes"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// record is one message that was kept. Its data is in the memory of messages.
type record struct {
	kind       wire.Kind
	opcode     byte
	name       string
	typ        string // of a gRPC message
	dir        wire.Dir
	truncated  bool
	index      int
	off, size  int64
	start, end time.Time
	at, n      int // data[at : at+n]
	masked     []string
}

// messages are the messages of an exchange that are not in the file yet. They
// are kept as they came: most exchanges have one JSON document, which is in the
// body too and never encoded.
type messages struct {
	records []record
	data    []byte
	names   int    // bytes of the names of records
	jsons   [2]int // JSON values by direction
	lists   bool   // entries of an archive have come, behind which there may be text
	lone    [2]int // bytes of the direction's only JSON value, which may be in the body too
}

// maxOwn bounds the memory that is kept for the next exchange.
const maxOwn = 64 << 10

// add keeps a copy of m.
func (k *messages) add(m *wire.Message) {
	d := m.Dir & 1
	if m.Kind == wire.KindJSON {
		k.jsons[d]++
		k.lone[d] = 0
		if k.jsons[d] == 1 {
			k.lone[d] = len(m.Data)
		}
	}
	k.lists = k.lists || m.Kind == wire.KindEntry
	k.records = append(k.records, record{
		kind: m.Kind, opcode: m.Opcode, name: k.nameOf(m), typ: m.Type, dir: d, truncated: m.Truncated, index: m.Index,
		off: m.Off, size: m.Size, start: m.Start, end: m.End,
		at: len(k.data), n: len(m.Data), masked: m.Masked,
	})
	k.data = append(k.data, m.Data...)
}

// nameOf returns the name of m, in the memory of the one before if that is the same.
func (k *messages) nameOf(m *wire.Message) string {
	if n := len(k.records); n > 0 && k.records[n-1].name == m.Name {
		return k.records[n-1].name
	}
	k.names += len(m.Name)
	return m.Name
}

// perRecord is about what a message costs beside its bytes.
const perRecord = 128

// size is how much memory is used for what is certainly a stream.
func (k *messages) size() int {
	return len(k.data) + k.names + perRecord*len(k.records) - k.lone[0] - k.lone[1]
}

// forget drops the messages, which are in the file now; what counts them goes
// on.
func (k *messages) forget() {
	clear(k.records) // their names of masked parts
	k.records, k.data, k.names, k.lone = k.records[:0], k.data[:0], 0, [2]int{}
	if cap(k.data) > maxOwn {
		k.records, k.data = nil, nil
	}
}

// reset makes ready for another exchange.
func (k *messages) reset() {
	k.forget()
	*k = messages{records: k.records, data: k.data}
}

// told says whether the reader can make r again from the body b of its
// direction, which is nil if there was none: raw bytes of a binary body, and
// the only document of a JSON body.
func (k *messages) told(r *record, b *wire.Body) bool {
	switch {
	case b == nil || b.Data == nil && b.Bytes > 0 || r.off >= b.Off+b.WireBytes:
		return false
	case b.Truncated && r.n > len(b.Data), r.truncated && !b.Truncated:
		return false
	case r.size != int64(r.n) && !r.truncated:
		return false // it was masked: the body does not tell its size
	case r.kind == wire.KindRaw:
		return b.Content == wire.KindBinary && r.name == ""
	}
	return r.kind == wire.KindJSON && b.Content == wire.KindJSON && k.jsons[r.dir] == 1 && isIn(k.bytes(r), b.Data) && k.alone(r, b)
}

// isIn says whether a body that was kept is doc, as far as it was, and nothing else:
// nothing stands before it, and it is in the same charset.
func isIn(doc, kept []byte) bool {
	kept = bytes.Trim(kept, jsontext.Separators)
	n := min(len(doc), len(kept))
	return bytes.Equal(doc[:n], kept[:n])
}

// alone says whether r is the only message of the body b.
func (k *messages) alone(r *record, b *wire.Body) bool {
	for i := range k.records {
		if o := &k.records[i]; o != r && o.dir == r.dir && o.off < b.Off+b.WireBytes {
			return false
		}
	}
	return r.index == 0
}

// bytes returns what was kept of r.
func (k *messages) bytes(r *record) []byte { return k.data[r.at : r.at+r.n] }
