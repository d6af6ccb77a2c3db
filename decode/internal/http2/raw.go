package http2

import "github.com/socktrace/socktrace/wire"

// passRaw takes the next n bytes of s, which belong to no frame, and tells them. Before
// the first it tells what they are of: nobody can see it in them.
func (d *Decoder) passRaw(s *side, n int) {
	if !d.raw {
		d.raw = true
		at := s.begunAt()
		d.env.Tell(&wire.Upgrade{Meta: wire.Meta{Conn: d.env.Conn, Start: at.Time, End: at.Time}, Protocol: "h2"})
	}
	d.env.Raw(s.w, s.dir, n)
}
