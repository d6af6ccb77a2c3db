package tracetest

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Handshakes returns what TLS has agreed on at both ends of c, with all that can be
// told, at a time.
func Handshakes(c *wire.Conn, at time.Time) []*wire.TLS {
	person := func(name string) wire.Certificate {
		return wire.Certificate{
			Subject: "CN=" + name, Issuer: "CN=ca,O=é\u202e\"", Names: []string{name, "127.0.0.1", "spiffe://x/y"},
			NotBefore: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), NotAfter: time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC),
			Fingerprint: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		}
	}
	at = at.UTC()
	return []*wire.TLS{
		{
			Meta: wire.Meta{Conn: c, Start: at.Add(time.Microsecond), End: at.Add(2 * time.Microsecond)},
			Peer: "client", Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", ServerName: "docker.example",
			Offered: []string{"h2", "http/1.1"}, Protocol: "http/1.1", Resumed: true,
			Client: []wire.Certificate{person("alice"), person("between")}, Server: []wire.Certificate{person("socktrace")},
		},
		{
			Meta: wire.Meta{Conn: c, Dir: wire.ToClient, Start: at.Add(3 * time.Microsecond), End: at.Add(4 * time.Microsecond)},
			Peer: "server", Version: "TLS 1.2", Server: []wire.Certificate{{Subject: "CN=dockerd"}}, Opaque: "no keys",
		},
	}
}
