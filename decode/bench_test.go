package decode_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// BenchmarkConn measures what decoding adds to each read of a relayed
// connection: without messages as --quiet does, and with them.
func BenchmarkConn(b *testing.B) {
	small := []wire.Chunk{
		{Dir: wire.ToServer, Data: []byte("GET /v1.41/containers/json HTTP/1.1\r\nHost: api.moby.localhost\r\nUser-Agent: Docker-Client/28.2.2 (linux)\r\n\r\n")},
		{Dir: wire.ToClient, Data: []byte("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nDocker-Experimental: false\r\nOstype: linux\r\nServer: Docker/20.10.24 (linux)\r\nDate: Sat, 21 Nov 2026 19:21:28 GMT\r\nContent-Length: 3\r\n\r\n[]\n")},
	}
	logs := []wire.Chunk{{Dir: wire.ToClient, Data: bytes.Repeat([]byte("\x01\x00\x00\x00\x00\x00\x00\x20thirty-one bytes of a log line.\n"), 800)}}
	events := []wire.Chunk{{Dir: wire.ToClient, Data: bytes.Repeat([]byte(`{"status":"start","id":"289e72570a23","Type":"container","Action":"start","time":1}`+"\n"), 300)}}
	bulk := []wire.Chunk{{Dir: wire.ToClient, Data: bytes.Repeat([]byte("x"), 64<<10)}}
	packet := append([]byte("\x00\x00\x00\x80\x08\x08\x02\x18\x05\x22\x80\x80\x02"), bytes.Repeat([]byte("\x00x"), 16<<10)...)
	var files []wire.Chunk // packets of 32 KiB, cut elsewhere
	for p := range slices.Chunk(bytes.Repeat(packet, 8), 30<<10) {
		files = append(files, wire.Chunk{Dir: wire.ToClient, Data: p})
	}
	for _, c := range []struct {
		name   string
		before []string // to the server, and its answer
		loop   []wire.Chunk
	}{
		{"small", nil, small},
		{"logs", []string{"GET /v1.50/containers/x/logs HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"}, logs},
		{"events", []string{"GET /events HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"}, events},
		{"files", []string{"POST /moby.filesync.v1.FileSync/DiffCopy HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\n\r\n"}, files},
		{"bulk", []string{"GET /get HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n\r\n"}, bulk},
	} {
		for _, messages := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/messages=%t", c.name, messages), func(b *testing.B) {
				conn := &wire.Conn{ID: 1, Start: t0}
				exchanges := 0
				d := decode.New(conn, decode.Options{Needs: wire.Needs{Fields: true, Sizes: messages, Messages: messages, Keeps: messages}}, func(ev wire.Event) {
					if _, ok := ev.(*wire.End); ok {
						exchanges++
					}
				})
				size := 0
				for i := range c.loop {
					c.loop[i].Conn, c.loop[i].Time = conn, t0
					size += len(c.loop[i].Data)
				}
				for i, s := range c.before {
					d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.Dir(i), Data: []byte(s)})
				}
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					for _, ch := range c.loop {
						d.Chunk(ch)
					}
				}
				if strings.HasPrefix(c.name, "small") && exchanges < b.N {
					b.Fatalf("%d exchanges in %d rounds", exchanges, b.N)
				}
			})
		}
	}
}

// BenchmarkCoding measures what removing a coding costs, by what comes out.
func BenchmarkCoding(b *testing.B) {
	var text []byte
	for i := range 20_000 {
		text = fmt.Appendf(text, `{"status":"start","id":"%x","time":%d}`+"\n", i*7919, i)
	}
	for n, e := range encoders {
		b.Run(fmt.Sprintf("%d %s", n, e.coding), func(b *testing.B) {
			resp := coded(e.coding, "application/json", encode(n, text))
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				feed(decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}}, []byte(ask), resp)
			}
		})
	}
}

// TestPassingDoesNotAllocate holds the promise that makes decoding in place
// cheap: bytes in the middle of a body cost no memory.
func TestPassingDoesNotAllocate(t *testing.T) {
	conn := &wire.Conn{ID: 1, Start: t0}
	d := decode.New(conn, decode.Options{Needs: wire.Needs{Fields: true, Keeps: true}}, func(wire.Event) {})
	d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
	d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, Data: []byte("HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 100))})
	body := make([]byte, 32<<10)
	n := testing.AllocsPerRun(1000, func() {
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, Data: body})
	})
	if n != 0 {
		t.Errorf("%v allocations a chunk; want 0", n)
	}
}
