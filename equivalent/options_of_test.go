package equivalent

import (
	"reflect"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestOptionsOf: what is known of a daemon says nothing of one behind a tunnel, but TLS that
// was seen.
func TestOptionsOf(t *testing.T) {
	o := Options{Daemon: "unix:///d.sock"}
	outer := &wire.Conn{ID: 1}
	inner := &wire.Conn{ID: 2, Parent: wire.Parent{Conn: outer, Exchange: 1}}
	tls := &wire.TLS{ServerName: "h"}
	for _, c := range []struct {
		conn *wire.Conn
		tls  *wire.TLS
		want Options
	}{
		{outer, nil, o}, {outer, tls, Options{Daemon: o.Daemon, TLS: true, ServerName: "h"}},
		{inner, nil, Options{}}, {inner, tls, Options{TLS: true, ServerName: "h"}},
	} {
		if got := o.Of(c.conn, c.tls); !reflect.DeepEqual(got, c.want) {
			t.Errorf("connection %d: %+v, want %+v", c.conn.ID, got, c.want)
		}
	}
}
