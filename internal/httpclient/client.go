// Package httpclient sends requests to one server, over TCP or a unix socket, and follows it
// nowhere else.
package httpclient

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
)

// Client is an http.Client for one server. What it is given goes to no other address, and its
// errors do not tell the one that it has, which may be a secret.
type Client struct{ client http.Client }

// New returns a Client with the transport t, which it changes and owns: if socket is not
// empty, it is dialled, whatever the URL says, and no proxy is.
func New(t *http.Transport, socket string) *Client {
	if socket != "" {
		var d net.Dialer
		t.Proxy = nil
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "unix", socket) }
	}
	stays := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{http.Client{Transport: t, CheckRedirect: stays}}
}

// Do sends a request. The caller closes the answer's body; that of 101 is empty, since
// it would be the connection, which no deadline ends (RFC 9110, section 15.2.2).
func (c *Client) Do(q *http.Request) (*http.Response, error) {
	r, err := c.client.Do(q)
	if e := (*url.Error)(nil); errors.As(err, &e) {
		return nil, e.Err
	}
	if err != nil {
		return nil, err
	}
	if r.StatusCode == http.StatusSwitchingProtocols {
		_ = r.Body.Close()
		r.Body = http.NoBody
	}
	return r, nil
}

// Close lets go of connections that are idle.
func (c *Client) Close() { c.client.CloseIdleConnections() }
