package decode

// maxDepth bounds connections within connections: nobody needs as many, and
// each costs memory.
const maxDepth = 8

// depth returns how many connections carry d.
func (d *Conn) depth() (n int) {
	for c := d.conn; c.Parent.Conn != nil; c = c.Parent.Conn {
		n++
	}
	return n
}

// maxInside bounds the connections that one carries at once, each in a stream of its
// own: what decodes them takes some kilobytes each.
const maxInside = 256
