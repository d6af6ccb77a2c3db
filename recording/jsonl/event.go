package jsonl

import (
	"time"

	"github.com/socktrace/socktrace/internal/handshake"
	"github.com/socktrace/socktrace/wire"
)

// opens tells of a new connection.
func (s *conns) opens(n *note) {
	var parent *conn
	if p := n.Parent; p != nil && p.Conn > 0 && p.Conn != n.Conn {
		parent = s.of(p.Conn, n.end)
	}
	c := s.begin(n.Conn, n.end)
	c.wire.Client, c.wire.Server, c.wire.Via = n.Client.peer(), n.Server.peer(), n.Via
	c.wire.Reversed = n.Back
	if parent != nil {
		c.wire.Parent = wire.Parent{Conn: parent.wire, Exchange: n.Parent.Exchange}
	}
	s.opened(c)
}

// peer returns the end of a connection.
func (p *peerNote) peer() wire.Peer {
	peer := wire.Peer{Addr: p.Addr}
	if p.PID != nil {
		peer.Process = &wire.Process{PID: *p.PID, UID: -1, Name: p.Name}
		if p.UID != nil {
			peer.Process.UID = *p.UID
		}
	}
	return peer
}

// of returns connection n. If no line has opened it, it begins now.
func (s *conns) of(n int, at time.Time) *conn {
	c := s.open[n]
	if c == nil {
		c = s.begin(n, at)
		s.opened(c)
	}
	return c
}

// closes tells that a connection has ended. Its exchanges have before.
func (s *conns) closes(n *note) {
	c := s.of(n.Conn, n.end)
	s.emit(&wire.Close{
		Meta:    wire.Meta{Conn: c.wire, Start: n.end, End: n.end},
		Bytes:   [2]int64{n.BytesToServer, n.BytesToClient},
		Stopped: n.Stopped || n.Error.V == wire.ErrStopped.Error(), Err: n.Error.V, Story: n.Story.story(),
	})
	delete(s.open, n.Conn)
}

// part tells of what is in a connection, and may be part of an exchange.
func (s *conns) part(n *note) {
	m := n.place()
	c := s.of(n.Conn, m.Start)
	if head := n.Event == "request" || n.Event == "response"; head && c.ended(n.Exchange) {
		c = s.begin(n.Conn, m.Start) // it is one of another trace
		s.opened(c)
	}
	m.Conn = c.wire
	x := c.exchange(n.Exchange)
	if x == nil {
		x = new(exchange) // it is not remembered
	}
	s.tell(c, n.event(m, x))
}

// place returns where and when n was; its connection is missing.
func (n *note) place() wire.Meta {
	m := wire.Meta{Exchange: n.Exchange, Dir: dirNamed(n.Dir), Off: n.Offset, Start: n.end, End: n.end}
	if !n.start.IsZero() {
		m.Start = n.start
	}
	return m
}

func dirNamed(s string) wire.Dir {
	if s == wire.ToClient.String() {
		return wire.ToClient
	}
	return wire.ToServer
}

// event makes the event of n, at m, and notes that x has it.
func (n *note) event(m wire.Meta, x *exchange) wire.Event {
	switch n.Event {
	case "request":
		x.request = n.request(m, &n.headNote)
		x.request.Masked = n.Masked
		return x.request
	case "response":
		p := n.response(m, &n.headNote, &n.headNote)
		p.Masked = n.Masked
		if p.Interim = string(n.Interim) == "true"; p.Interim {
			x.interim++
		} else {
			x.response = p
		}
		return p
	case "message":
		ev := n.message(m)
		x.hold(ev)
		return ev
	case "body":
		b := n.bodyNote.body(n, m, x.lines())
		b.Masked = n.Masked
		x.fill(b)
		x.bodies[m.Dir] = b
		return b
	case "tls":
		t := handshake.Note{Peer: n.Peer, Version: n.Version, Cipher: n.Cipher, ServerName: n.ServerName, Offered: n.Offered,
			Protocol: n.Protocol, Resumed: n.Resumed, Client: n.ClientCerts, Server: n.ServerCerts, Opaque: n.Opaque}
		return t.Event(m)
	case "upgrade":
		x.upgrade = n.upgrade(m, x.response)
		return x.upgrade
	case "anomaly":
		x.anomalies++
		return &wire.Anomaly{Meta: m, Code: n.Code, Detail: n.sent("detail", n.Detail), Lost: n.Lost}
	}
	return &wire.EOF{Meta: m}
}

// lines reports whether the heads of x are made of lines.
func (x *exchange) lines() bool {
	switch {
	case x.request != nil:
		return hasLines(x.request.Version)
	case x.response != nil:
		return hasLines(x.response.Version)
	}
	return false // only HTTP/2 has bodies without any
}

// upgrade makes what followed the response p, in whose place it is; without an
// exchange it was the client that began with it.
func (n *note) upgrade(m wire.Meta, p *wire.Response) *wire.Upgrade {
	if n.Exchange > 0 {
		m.Dir = wire.ToClient
	}
	if p != nil && p.End.Equal(m.End) {
		m.Off, m.Start = p.Off, p.Start
	}
	content, _ := wire.KindNamed(n.Content)
	return &wire.Upgrade{Meta: m, Protocol: n.sent("protocol", n.Protocol), Content: content, Reason: n.Reason}
}
