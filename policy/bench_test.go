package policy

import (
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// BenchmarkEvent adds up an exchange.
func BenchmarkEvent(b *testing.B) {
	s := New(nil, Options{})
	conn := &wire.Conn{ID: 1, Client: wire.Peer{Process: &wire.Process{PID: 7, UID: 1, Name: "docker"}}}
	call, _ := dockerapi.Match("GET", "/v1.41/containers/4f66ad9abb2d0e3c/json?size=1")
	m := wire.Meta{Conn: conn, Exchange: 1}
	x := &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m, Method: "GET", Target: "/v1.41/containers/4f66ad9abb2d0e3c/json?size=1", Call: call.Told()}}
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Event(x, x)
	}
}
