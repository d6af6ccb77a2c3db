package render

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// webScript is a WebSocket, and bodies with content codings, digests, and what
// was dropped of them.
func webScript() []wire.Event {
	s := &script{}
	s.open(20, 0)
	s.request(0.1, "GET", "/v1.41/containers/x/attach/ws?stream=1", "ContainerAttachWebsocket",
		"Host: x\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13")
	s.response(0.9, 101, "Switching Protocols", "Upgrade: websocket\nConnection: Upgrade")
	s.sum.Upgrade = &wire.Upgrade{Meta: s.meta(wire.ToClient, 0, 0.9, 0.9), Protocol: "websocket", Content: wire.KindWebSocket}
	s.add(s.sum.Upgrade)
	ws := func(ms float64, dir wire.Dir, opcode byte, data string) *wire.Message {
		m := s.message(ms, dir, wire.KindWebSocket, data)
		m.Opcode = opcode
		return m
	}
	ws(1, wire.ToServer, 1, `{"type":"hello","id":1}`)
	ws(2, wire.ToClient, 1, "two lines\nof text")
	ws(3, wire.ToClient, 2, "/ # \x1b[6nls\r\nbin  etc\r\n")
	ws(4.5, wire.ToServer, 2, "\x00\x01\x02 bytes")
	ws(5, wire.ToClient, 9, "are you there")
	ws(5.1, wire.ToServer, 10, "")
	cut := ws(6, wire.ToClient, 1, `{"very":"long`)
	cut.Size, cut.Truncated = 2<<20, true
	ws(7, wire.ToClient, 8, "\x03\xe8bye \"now\"")
	ws(8, wire.ToServer, 8, "\x03\xe8")
	s.done(8)
	s.shut(9, "")

	s.open(21, 10)
	s.request(10, "GET", "/v1.41/info", "SystemInfo", "Host: x\nAccept-Encoding: gzip")
	s.response(12, 200, "OK", "Content-Type: application/json\nContent-Encoding: gzip\nTransfer-Encoding: chunked")
	info := `{"Name":"box","Labels":"` + strings.Repeat("x", 60) + `"}`
	s.message(12, wire.ToClient, wire.KindJSON, info)
	s.body(12, wire.ToClient, wire.KindJSON, 71, info).Coding = "gzip"
	s.done(12)
	s.request(13, "PUT", "/v1.41/containers/x/archive?path=/", "PutContainerArchive", "Host: x\nContent-Encoding: zstd\nTransfer-Encoding: chunked")
	b := s.body(14, wire.ToServer, wire.KindBinary, 1_234, "file.txt"+strings.Repeat("\x00", 200))
	b.Data, b.Bytes, b.Truncated = b.Data[:64], 123_456, true
	b.Coding, b.Digest = "zstd", "sha256:"+id
	s.response(15, 200, "OK", "Content-Length: 0")
	s.done(15)
	s.request(16, "GET", "/v1.41/images/x/get", "ImageGet", "Host: x")
	s.response(17, 200, "OK", "Content-Type: application/x-tar\nContent-Length: 10240")
	b = s.body(18, wire.ToClient, wire.KindBinary, 10_240, "")
	b.Data, b.Bytes, b.Truncated, b.Masked = nil, 10_240, true, []string{"response.body"}
	b.Digest = "sha256:" + id
	s.done(18).Masked = b.Masked
	s.request(19, "GET", "/text", "", "Host: x")
	s.response(20, 200, "OK", "Content-Type: text/plain\nContent-Length: 300")
	b = s.body(20, wire.ToClient, wire.KindText, 300, "")
	b.Data, b.Bytes, b.Truncated, b.Masked = nil, 300, true, []string{"response.body"}
	s.done(20).Masked = b.Masked
	parts(s)
	s.shut(29, "")
	return s.events
}

// parts is a body in parts, which have names, a form, and bodies without a value.
func parts(s *script) {
	named := func(ms float64, kind wire.Kind, name, data string) *wire.Message {
		m := s.message(ms, wire.ToServer, kind, data)
		m.Name = name
		return m
	}
	s.request(22, "POST", "/parts", "", "Host: x\nContent-Type: multipart/form-data; boundary=B\nContent-Length: 400")
	s.message(22, wire.ToServer, wire.KindText, "Content-Disposition: form-data; name=meta\r\nContent-Type: application/json\r\n")
	named(22, wire.KindJSON, "meta", `{"a":1}`)
	named(22, wire.KindText, "text", "two\r\nlines\n")
	named(22, wire.KindJSON, "long", `{"long":"`+strings.Repeat("x", 80)+`"}`)
	named(22, wire.KindText, "empty", "")
	file := named(22, wire.KindRaw, "file\x1b[m", "\x89PNG")
	file.Size, file.Truncated = 1000, true
	s.body(23, wire.ToServer, wire.KindParts, 400, "--B")
	s.response(24, 200, "OK", "Content-Length: 3")
	s.body(24, wire.ToClient, wire.KindJSON, 3, " \r\n")
	s.done(24)
	s.request(25, "POST", "/form", "", "Host: x\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 3")
	named(25, wire.KindText, "a", "b")
	s.body(25, wire.ToServer, wire.KindText, 3, "a=b")
	s.response(26, 200, "OK", "Content-Type: multipart/mixed; boundary=B\nContent-Length: 5")
	s.body(26, wire.ToClient, wire.KindParts, 5, "--B--")
	s.done(26)
}
