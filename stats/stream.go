package stats

import "github.com/socktrace/socktrace/wire"

// stream is an exchange whose connection is a stream from there on: what that
// carries is known when it closes.
type stream struct {
	rows  [2]*Totals // that have it
	begun [2]int64   // what the connection had carried before the stream
}

// streamed remembers that a connection has become a stream, until it closes. One of
// HTTP/2 has others beside it.
func (s *Sink) streamed(x *wire.Exchange, op *operation, cl *client) {
	if x.Conn == nil || x.Request == nil || x.Response == nil || x.Request.Stream != 0 {
		return
	}
	begun := [2]int64{x.Request.Off + x.Request.HeadBytes, x.Response.Off + x.Response.HeadBytes}
	for dir, b := range [...]*wire.Body{x.RequestBody, x.ResponseBody} {
		if b != nil {
			begun[dir] += b.WireBytes
		}
	}
	s.streams[x.Conn] = stream{rows: [2]*Totals{&op.Totals, &cl.Totals}, begun: begun}
}

// closed adds what a stream has carried: to all, what connections inside of it have
// not added.
func (s *Sink) closed(ev *wire.Close) {
	s.saw(&wire.Meta{End: ev.End})
	delete(s.subjects, ev.Conn)
	within := s.within[ev.Conn]
	delete(s.within, ev.Conn)
	st, ok := s.streams[ev.Conn]
	if !ok {
		return
	}
	delete(s.streams, ev.Conn)
	var bytes, rest [2]int64
	for dir := range bytes {
		bytes[dir] = max(ev.Bytes[dir]-st.begun[dir], 0)
		rest[dir] = max(bytes[dir]-within[dir], 0)
	}
	s.carried(ev.Conn, rest)
	for _, t := range st.rows {
		t.carried(bytes)
	}
}

// carried adds bytes of c to all, in the direction of what carries all others.
func (s *Sink) carried(c *wire.Conn, bytes [2]int64) {
	for ; c != nil && c.Parent.Conn != nil; c = c.Parent.Conn {
		if c.Reversed {
			bytes[0], bytes[1] = bytes[1], bytes[0]
		}
		within := s.within[c.Parent.Conn]
		for dir, n := range bytes {
			within[dir] += n
		}
		s.within[c.Parent.Conn] = within
	}
	s.all.carried(bytes)
}
