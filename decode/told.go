package decode

import "github.com/socktrace/socktrace/wire"

var _ wire.TLSTap = (*Conn)(nil)

// TLS tells what was agreed on where TLS was taken off before the first Chunk.
func (d *Conn) TLS(ev *wire.TLS) {
	d.Open()
	d.tell(ev)
}
