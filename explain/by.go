package explain

import "github.com/socktrace/socktrace/wire"

// Client is who asks: one run of a command, or as much of a program as is told from others.
// Two of them can be compared.
type Client struct {
	t *Teller
	c *client
}

// By returns the client of an exchange, of whose request Explain has just been told; the zero
// Client if that is not known.
func (t *Teller) By(x *wire.Exchange) Client {
	if x.Request == nil {
		return Client{}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return Client{t, t.clientOf(x)}
}

// Name returns what stories call the client, with what it has asked for until now; empty if
// that is not known.
func (c Client) Name() string {
	if c.c == nil {
		return ""
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.c.name()
}
