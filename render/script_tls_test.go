package render

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// person is a certificate that lasts for so many days from the beginning of scripts on.
func person(name string, days int) []wire.Certificate {
	return []wire.Certificate{{
		Subject: "CN=" + name, Issuer: "CN=ca", Names: []string{name, "127.0.0.1"}, Fingerprint: "sha256:" + strings.Repeat("5c", 32),
		NotBefore: began.AddDate(0, 0, -90), NotAfter: began.AddDate(0, 0, days),
	}}
}

// shake tells of a handshake on the connection in work.
func (s *script) shake(ms float64, peer string, client, server []wire.Certificate) *wire.TLS {
	m := s.meta(wire.ToClient, 0, ms, ms+1)
	m.Exchange = 0
	ev := &wire.TLS{Meta: m, Peer: peer, Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Client: client, Server: server}
	s.add(ev)
	return ev
}

// tlsScript is of clients that come with certificates, from elsewhere.
func tlsScript() []wire.Event {
	s := &script{}
	daemon := person("dockerd", 300)
	for i, name := range []string{"alice", "bob", "alice", "late", "early", "soon", "\x1b[31mred\u202e"} {
		id, ms := i+1, float64(10*i)
		s.open(id, ms)
		s.conn.Client = wire.Peer{Addr: "tcp://192.0.2.7:51034"}
		s.conn.Server = wire.Peer{Addr: "tcp://192.0.2.1:2376"}
		client := person(name, 100)
		switch name {
		case "late":
			client = person(name, -1)
		case "early":
			client[0].NotBefore = began.AddDate(0, 0, 1)
		case "soon":
			client = person(name, 3)
		case "bob":
			client = nil
		}
		ev := s.shake(ms+1, "client", client, person("socktrace", 7))
		ev.ServerName, ev.Offered, ev.Protocol = "docker.example", []string{"h2", "http/1.1"}, "http/1.1"
		s.shake(ms+2, "server", person("us", 100), daemon).Resumed = name == "bob"
		s.request(ms+3, "HEAD", "/_ping", "SystemPingHead", "Host: docker")
		s.response(ms+4, 200, "OK", "Server: Docker")
		s.done(ms + 5)
		s.shut(ms+6, "")
	}
	s.open(8, 100)
	closed := s.shake(101, "", nil, daemon)
	closed.Opaque, closed.ServerName = "its keys are not in the key log", "docker.example"
	s.shake(102, "", person("alice", 100), daemon)
	s.shake(103, "", nil, nil).Version = ""
	s.add(&wire.TLS{Meta: wire.Meta{Conn: s.conn}, Client: []wire.Certificate{{Names: []string{"nameless"}, NotAfter: at(0)}}})
	s.shut(104, "")
	return s.events
}
