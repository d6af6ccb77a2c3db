package render

import "github.com/socktrace/socktrace/wire"

// nested reports whether c travels in an exchange of another connection.
func nested(c *wire.Conn) bool {
	return c != nil && c.Parent.Conn != nil && c.Parent.Exchange > 0
}

// inside tells where c is inside of another connection.
func (t *text) inside(c *wire.Conn) {
	t.own(roleFaint, "inside ")
	t.own(plain, inside(c))
	t.own(roleFaint, " by ")
	t.text(roleOperation, c.Via)
}

// whoAsks tells who asks whom in a connection inside of another, where the roles may
// be others than around it: what > and < mean there.
func (t *text) whoAsks(c *wire.Conn) {
	client, server := roleName(c, c.Client, "client", "server"), roleName(c, c.Server, "server", "client")
	t.own(roleFaint, ": ")
	t.text(plain, client)
	t.own(roleFaint, " asks, ")
	t.text(plain, server)
	t.own(roleFaint, " answers")
}

// openedInside is the line of a connection inside of another, in short: a heading
// without an exchange.
//
//	── 3 inside 2.1 by h2c: dockerd asks, docker[23921] answers
func (t *text) openedInside(ev *wire.Open) {
	t.prefix, t.before, t.hang = t.prefix[:0], 0, len("-- ")
	t.own(roleFaint, "── ")
	t.line, _ = appendNumber(t.line, t.colors, &ev.Meta)
	t.own(plain, " ")
	t.inside(ev.Conn)
	t.whoAsks(ev.Conn)
	t.end()
	t.hang = 0
}
