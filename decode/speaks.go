package decode

import (
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/decode/internal/socks"
	"github.com/socktrace/socktrace/decode/internal/tls"
	"github.com/socktrace/socktrace/wire"
)

// gaveUp goes on with a connection of which not enough came to know what it
// is: as HTTP/1, which understands anything; but not if a password may be in it.
func (d *Conn) gaveUp() {
	client := d.windows[wire.ToServer].Bytes()
	if len(client) > 0 && opensProxy[client[0]] && socks.Parse(client, d.windows[wire.ToClient].Bytes()).Secret {
		d.proto = &raw{d: d, secret: true}
		return
	}
	if server := d.windows[wire.ToClient].Bytes(); !d.within && tls.Recognize(client) == tls.Client && !tls.Malformed(client) && (len(server) == 0 || tls.Answers(server) == tls.Server) {
		d.speaksTLS()
		return
	}
	d.speaksHTTP1()
}

// speaksHTTP1 notes what the connection speaks.
func (d *Conn) speaksHTTP1() {
	d.proto = http1.New(&d.env, &d.windows, limits, func(begun int, told [2]bool) {
		d.speaksHTTP2(http2.Start{Exchanges: begun, Told: told})
	})
}

// limits are those of what is held; tests make them small.
var (
	limits  http1.Limits
	limits2 http2.Limits
)

// speaksHTTP2 notes what the connection speaks.
func (d *Conn) speaksHTTP2(s http2.Start) { d.proto = http2.New(&d.env, &d.windows, limits2, s) }

// speaksTLS notes that the connection is one of TLS.
func (d *Conn) speaksTLS() {
	out := &unsealed{d: d}
	d.proto = secured{tls.New(&d.windows, d.o.Keys, d.env.Account, out), out}
}
