// Package hpack decompresses the heads of HTTP/2 (RFC 7541) for somebody who only
// looks on, and may not have seen all of them. Its goals, in order:
//
//  1. What needs nothing that was not seen is known, whatever else is missing: static
//     and literal fields, and entries of the dynamic table that were inserted since.
//  2. What is not known is told as such: no entry is taken for another.
//  3. Bounded memory: of the table, and of what a head becomes.
//
// It does not compress.
package hpack

import "github.com/socktrace/socktrace/wire"

// Decoder is one direction of a connection: its blocks, in order, share a dynamic
// table (RFC 7541, section 2.2).
type Decoder struct {
	table  table
	limits Limits
	// allowed is how large a table the receiver lets the sender have.
	allowed uint64
	late    bool // entries may be older than those that are known

	list list // of the block that is being decoded
}

// Limits bound what is held. The zero value is the usual.
type Limits struct {
	Table int // of the dynamic table, as RFC 7541, section 4.1, counts; 0 is 1 MiB
	List  int // of the fields of a block, counted likewise; 0 is 1 MiB
}

// defaultTable is the size of a dynamic table as long as nothing else is said (RFC
// 9113, section 6.5.2).
const defaultTable = 4096

// New returns a decoder at the beginning of a connection.
func New(l Limits) *Decoder {
	if l.Table == 0 {
		l.Table = 1 << 20
	}
	if l.List == 0 {
		l.List = 1 << 20
	}
	d := &Decoder{limits: l, allowed: defaultTable}
	d.table.resize(min(defaultTable, l.Table))
	return d
}

// Allow notes that the receiver lets the sender have a table of n bytes: it has sent
// SETTINGS_HEADER_TABLE_SIZE.
func (d *Decoder) Allow(n uint32) { d.allowed = max(d.allowed, uint64(n)) }

// Lose notes that blocks were not seen, or not understood. What was known of the table
// is worth nothing: nobody knows where in it that is now. How large it may be is not
// known either, so as much is kept as may be: its sender never refers to what it has
// evicted.
func (d *Decoder) Lose() {
	d.table = table{max: d.limits.Table}
	d.late = true
}

// Late reports whether there may be entries that are not known.
func (d *Decoder) Late() bool { return d.late }

// Held returns how many bytes the table holds, about.
func (d *Decoder) Held() int { return d.table.held() }

// Decode decodes a whole block. The fields are in the memory of dst, and the rest is the
// caller's until the next block. If the block breaks the rules, an error says how; the
// fields before that are returned with it, and the state is lost.
func (d *Decoder) Decode(block []byte, dst []wire.Field) (*Block, error) {
	d.list.reset(d.limits.List, dst)
	r := reader{b: block}
	err := d.block(&r)
	if err != nil {
		d.Lose()
	}
	return d.list.whole(), err
}

// block decodes the representations of a block, one after the other (RFC 7541, section
// 3.2). Changes of the table's size stand before all others (section 4.2).
func (d *Decoder) block(r *reader) error {
	for begun := false; len(r.b) > 0; {
		switch c := r.b[0]; {
		case c&0xe0 == 0x20:
			if begun {
				return errLateResize
			}
			if err := d.resize(r); err != nil {
				return err
			}
			continue
		case c&0x80 != 0:
			if err := d.indexed(r); err != nil {
				return err
			}
		case c&0xc0 == 0x40:
			if err := d.literal(r, 6, true); err != nil {
				return err
			}
		default: // without indexing, or never indexed
			if err := d.literal(r, 4, false); err != nil {
				return err
			}
		}
		begun = true
	}
	return nil
}

// resize changes the size of the table (RFC 7541, section 6.3).
func (d *Decoder) resize(r *reader) error {
	n, err := r.integer(5)
	switch {
	case err != nil:
		return err
	case n > d.allowed && !d.late:
		return errTooLarge
	}
	if n > uint64(d.limits.Table) {
		d.late = true // the sender's table may hold more than ours
	}
	d.table.resize(int(min(n, uint64(d.limits.Table))))
	return nil
}

// indexed is a field that is an entry of a table (RFC 7541, section 6.1).
func (d *Decoder) indexed(r *reader) error {
	i, err := r.integer(7)
	if err != nil {
		return err
	}
	e := d.entry(i)
	if e == nil {
		return errIndex
	}
	d.list.add(e)
	return nil
}

// literal is a field whose value is here, and its name too, or in a table (RFC 7541,
// section 6.2).
func (d *Decoder) literal(r *reader, prefix uint, insert bool) error {
	i, err := r.integer(prefix)
	if err != nil {
		return err
	}
	name := &nameless
	if i > 0 {
		if name = d.entry(i); name == nil {
			return errIndex
		}
	}
	l := &d.list
	nameAt := l.mark()
	if insert && i > staticSize {
		// The name of an entry that is evicted would hold the memory of its value.
		l.text = append(l.text, name.name...)
	}
	if i == 0 {
		if err := r.text(&l.text); err != nil {
			return err
		}
	}
	valueAt := l.mark()
	if err := r.text(&l.text); err != nil {
		return err
	}
	switch {
	case insert:
		text := string(l.text[nameAt:])
		l.text = l.text[:nameAt]
		e := entry{name: name.name, value: text[valueAt-nameAt:], kind: Unknown}
		if valueAt > nameAt {
			e.name = text[:valueAt-nameAt]
		}
		if name.kind != Unknown {
			e.kind = kindOf(e.name, e.value)
		}
		d.table.insert(e)
		l.add(&e)
	case i == 0:
		l.addText(name, nameAt, valueAt)
	default:
		l.addText(name, valueAt, valueAt)
	}
	return nil
}

// What is in no table. They are never changed.
var (
	nameless = entry{}
	unknown  = entry{kind: Unknown}
)

// entry returns the entry with this index, of both tables (RFC 7541, section 2.3.3),
// until something is inserted; nil if there is none.
func (d *Decoder) entry(i uint64) *entry {
	switch {
	case i == 0:
		return nil
	case i <= staticSize:
		return &static[i-1]
	}
	if e := d.table.at(i - staticSize - 1); e != nil || !d.late {
		return e
	}
	return &unknown
}
