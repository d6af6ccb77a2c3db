package decode_test

import (
	"bytes"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// talk is a connection of HTTP/2 that a test makes up.
type talk struct {
	conn  transcript.Conn
	at    time.Duration
	peers [2]*h2peer // by direction
}

// h2peer writes the frames of a direction.
type h2peer struct {
	*http2.Framer
	talk  *talk
	dir   wire.Dir
	out   bytes.Buffer
	block bytes.Buffer
	enc   *hpack.Encoder
}

// newTalk returns a connection on which nothing was said; begin has both sides greet.
func newTalk(begin bool) *talk {
	t := new(talk)
	for i := range t.peers {
		p := &h2peer{talk: t, dir: wire.Dir(i)}
		p.Framer = http2.NewFramer(&p.out, nil)
		p.AllowIllegalWrites = true
		p.enc = hpack.NewEncoder(&p.block)
		t.peers[i] = p
	}
	if begin {
		t.client().out.WriteString(wire.HTTP2Preface)
		wrote(t.client().WriteSettings())
		t.client().send()
		wrote(t.server().WriteSettings())
		t.server().send()
	}
	return t
}

func (t *talk) client() *h2peer { return t.peers[wire.ToServer] }
func (t *talk) server() *h2peer { return t.peers[wire.ToClient] }

// encode returns the block of a head, whose fields are given as "name: value".
func (p *h2peer) encode(fields ...string) []byte {
	p.block.Reset()
	for _, f := range fields {
		i := 1 + strings.Index(f[1:], ": ")
		wrote(p.enc.WriteField(hpack.HeaderField{Name: f[:i], Value: f[i+2:]}))
	}
	return bytes.Clone(p.block.Bytes())
}

// head writes a head in one frame.
func (p *h2peer) head(stream uint32, end bool, fields ...string) *h2peer {
	wrote(p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, EndStream: end, EndHeaders: true, BlockFragment: p.encode(fields...)}))
	return p
}

// data writes content.
func (p *h2peer) data(stream uint32, end bool, s string) *h2peer {
	wrote(p.WriteData(stream, end, []byte(s)))
	return p
}

// send sends what was written, as one chunk.
func (p *h2peer) send() *h2peer {
	if p.out.Len() > 0 {
		p.talk.at += time.Millisecond
		p.talk.conn.Chunks = append(p.talk.conn.Chunks, transcript.Chunk{At: p.talk.at, Dir: p.dir, Data: bytes.Clone(p.out.Bytes())})
		p.out.Reset()
	}
	return p
}

// lose has the next bytes of p go missing.
func (p *h2peer) lose() *h2peer {
	p.talk.at += time.Millisecond
	p.talk.conn.Chunks = append(p.talk.conn.Chunks, transcript.Chunk{At: p.talk.at, Dir: p.dir, Lost: p.out.Len()})
	p.out.Reset()
	return p
}

// get is the head of a request, and answer that of a response.
func get(path string, more ...string) []string {
	return append([]string{":method: GET", ":scheme: http", ":authority: docker", ":path: " + path}, more...)
}

func answer(status string, more ...string) []string {
	return append([]string{":status: " + status}, more...)
}

func wrote(err error) {
	if err != nil {
		panic(err)
	}
}
