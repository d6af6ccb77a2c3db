package decode_test

import (
	"bytes"
	"io"
	"strconv"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// small are n calls, each with a stream of its own, of which a few are open at once. Their
// heads are all alike, or have a deadline that is another each time, as where it goes on
// from call to call.
func small(n int, deadline func(i int) string) *talk {
	k := newTalk(true)
	c, s := k.client(), k.server()
	for i := range n {
		stream := uint32(2*i + 1)
		c.head(stream, false, ":method: POST", ":scheme: http", ":path: /moby.buildkit.v1.Control/Info", ":authority: localhost",
			"content-type: application/grpc", "user-agent: grpc-go/1.60.0", "te: trailers", "grpc-timeout: "+deadline(i)).data(stream, true, "\x00\x00\x00\x00\x02\x08\x01")
		s.head(stream, false, answer("200", "content-type: application/grpc")...).data(stream, false, "\x00\x00\x00\x00\x02\x08\x01").head(stream, true, "grpc-status: 0", "grpc-message: ")
		if i%16 == 15 {
			c.send()
			s.send()
		}
	}
	return k
}

// tenSeconds is a deadline that is the same for all calls.
func tenSeconds(int) string { return "10S" }

// bulk is a call whose answer has n bytes, in the frames of grpc-go.
func bulk(n int) *talk {
	k := newTalk(true)
	k.client().head(1, true, get("/")...).send()
	k.server().head(1, false, answer("200", "content-type: application/x-tar")...)
	for range n >> 14 {
		k.server().data(1, false, string(make([]byte, 1<<14))).send()
	}
	return k
}

// BenchmarkHTTP2 measures what decoding HTTP/2 costs, beside the least that reads all
// frames and heads: a Framer, and a decoder of HPACK. It does so for who needs nothing but
// that there are exchanges, their heads too, and all that the text output shows.
func BenchmarkHTTP2(b *testing.B) {
	for _, c := range []struct {
		name string
		talk *talk
	}{
		{"small", small(1024, tenSeconds)},
		{"deadlines", small(1024, func(i int) string { return strconv.Itoa(9_999_999-237*i) + "u" })},
		{"bulk", bulk(16 << 20)},
	} {
		said := [2][]byte{c.talk.conn.Bytes(wire.ToServer), c.talk.conn.Bytes(wire.ToClient)}
		size := int64(len(said[0]) + len(said[1]))
		b.Run(c.name+"/framer", func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				for dir, sent := range said {
					readFrames(b, sent, dir == 0)
				}
			}
		})
		for _, needs := range []struct {
			name string
			wire.Needs
		}{
			{"least", wire.Needs{}},
			{"heads", wire.Needs{Fields: true}},
			{"text", wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true}},
		} {
			b.Run(c.name+"/"+needs.name, func(b *testing.B) {
				b.SetBytes(size)
				b.ReportAllocs()
				for b.Loop() {
					decodeChunks(b, c.talk.conn.Chunks, needs.Needs)
				}
			})
		}
	}
}

// decodeChunks decodes a connection.
func decodeChunks(b *testing.B, chunks []transcript.Chunk, n wire.Needs) {
	ends := 0
	conn := &wire.Conn{ID: 1, Start: t0}
	d := decode.New(conn, decode.Options{Needs: n}, func(ev wire.Event) {
		if _, ok := ev.(*wire.End); ok {
			ends++
		}
	})
	for _, ch := range chunks {
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: ch.Dir, Data: ch.Data})
	}
	if d.End(t0, nil); ends == 0 {
		b.Fatal("no exchange")
	}
}

// readFrames reads all frames of a direction, and decompresses its heads.
func readFrames(b *testing.B, said []byte, client bool) {
	if client {
		said = said[len(wire.HTTP2Preface):]
	}
	fields := 0
	heads := hpack.NewDecoder(4096, func(hpack.HeaderField) { fields++ })
	f := http2.NewFramer(io.Discard, bytes.NewReader(said))
	f.SetReuseFrames()
	for {
		frame, err := f.ReadFrame()
		if err == io.EOF {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		if h, ok := frame.(*http2.HeadersFrame); ok {
			if _, err := heads.Write(h.HeaderBlockFragment()); err != nil {
				b.Fatal(err)
			}
		}
	}
	if fields == 0 {
		b.Fatal("no fields")
	}
}
