package http2

import "github.com/socktrace/socktrace/wire"

// passRaw takes the next n bytes of s, which belong to no frame, and tells them. Before
// the first it tells what they are of: nobody can see it in them.
func (d *Decoder) passRaw(s *side, n int) {
	if !d.raw {
		d.raw = true
		now := s.w.TimeAt(s.w.Off())
		d.env.Tell(&wire.Upgrade{Meta: wire.Meta{Conn: d.env.Conn, Start: now, End: now}, Protocol: "h2"})
	}
	d.env.Raw(s.w, s.dir, n)
}
