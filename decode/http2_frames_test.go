package decode_test

import (
	"bytes"
	"io"
	"testing"

	"golang.org/x/net/http2"

	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// TestFrames adds up what the events tell of HTTP/2, and what a Framer finds in the same
// bytes: all content must be in a body, and all heads, but for trailers, in heads.
func TestFrames(t *testing.T) {
	conns := []*transcript.Conn{&small(64, tenSeconds).conn, &bulk(1 << 20).conn}
	for _, c := range tracetest.Load(t, "testdata/transcripts/h2_[stp][tru]*.txt") { // streams, trailers, push
		conns = append(conns, c.Conns...)
	}
	if len(conns) != 5 {
		t.Fatalf("%d connections", len(conns))
	}
	for i, c := range conns {
		var content, heads int64
		for _, ev := range play(c, c.Wire(1, t0), all()) {
			switch ev := ev.(type) {
			case *wire.Body:
				content += ev.WireBytes
			case *wire.Request:
				heads += ev.HeadBytes
			case *wire.Response:
				heads += ev.HeadBytes
			}
		}
		var wantContent, wantHeads int64
		for dir := range wire.Dir(2) {
			a, b := countFrames(t, c.Bytes(dir), dir)
			wantContent += a
			wantHeads += b
		}
		if content != wantContent || heads != wantHeads || content == 0 {
			t.Errorf("connection %d: %d bytes of content and %d of heads are told; want %d, %d", i+1, content, heads, wantContent, wantHeads)
		}
	}
}

// countFrames adds up the content of a direction, and the frames of its heads, if they
// are no trailers.
func countFrames(t *testing.T, b []byte, dir wire.Dir) (content, heads int64) {
	if dir == wire.ToServer {
		b = b[len(wire.HTTP2Preface):]
	}
	f := http2.NewFramer(io.Discard, bytes.NewReader(b))
	begun := map[uint32]bool{}
	for {
		frame, err := f.ReadFrame()
		if err == io.EOF {
			return content, heads
		} else if err != nil {
			t.Fatal(err)
		}
		size := int64(frame.Header().Length) + 9
		switch frame := frame.(type) {
		case *http2.DataFrame:
			content += int64(len(frame.Data()))
		case *http2.HeadersFrame:
			if begun[frame.StreamID] {
				continue // trailers
			}
			begun[frame.StreamID] = true
			heads += size
		case *http2.PushPromiseFrame:
			if frame.PromiseID%2 == 0 {
				heads += size
			}
		}
	}
}
