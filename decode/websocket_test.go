package decode_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// frame returns a WebSocket frame: first holds FIN, the reserved bits and the
// opcode.
func frame(first byte, masked bool, payload []byte) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	if !masked {
		return append(b, payload...)
	}
	b[1] |= 0x80
	key := []byte{0x5a, 0x01, 0xff, 0x30}
	b = append(b, key...)
	for i, c := range payload {
		b = append(b, c^key[i%4])
	}
	return b
}

// deflated returns messages as permessage-deflate compresses them.
func deflated(takeover bool, messages ...[]byte) (out [][]byte) {
	var b bytes.Buffer
	w := must(flate.NewWriter(&b, flate.DefaultCompression))
	for _, m := range messages {
		w.Write(m)
		w.Flush()
		out = append(out, bytes.Clone(bytes.TrimSuffix(b.Bytes(), []byte{0, 0, 0xff, 0xff})))
		b.Reset()
		if !takeover {
			w.Reset(&b)
		}
	}
	return out
}

// socket gives a decoder an upgrade and then the bytes of one direction in
// pieces of the size that cut says. It returns the messages and the codes of
// the anomalies.
func socket(o decode.Options, dir wire.Dir, extensions string, b []byte, cut func(int) int) (got []*wire.Message, codes []string, ex *wire.Exchange) {
	conn := &wire.Conn{ID: 1, Start: t0}
	d := decode.New(conn, o, tracetest.Booked(func(ev wire.Event) {
		switch ev := wire.Clone(ev).(type) {
		case *wire.Message:
			got = append(got, ev)
		case *wire.Anomaly:
			codes = append(codes, ev.Code)
		case *wire.Exchange:
			ex = ev
		}
	}))
	d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("GET /x HTTP/1.1\r\nUpgrade: websocket\r\n\r\n")})
	d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient,
		Data: []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: " + extensions + "\r\n\r\n")})
	for len(b) > 0 {
		n := cut(len(b))
		piece := bytes.Clone(b[:n])
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: dir, Data: piece})
		if !bytes.Equal(piece, b[:n]) {
			panic("the traffic was changed")
		}
		for i := range piece {
			piece[i] = '!'
		}
		b = b[n:]
	}
	d.End(t0, nil)
	return got, codes, ex
}

// pieces cuts bytes as one read after another may see them.
func pieces(left int) int { return min(left, 32<<10) }

// TestWebSocketBounds sends messages that are longer than what is kept, plain
// and compressed.
func TestWebSocketBounds(t *testing.T) {
	long := []byte(strings.Repeat("some text that goes on, ", 20_000))
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		masked := dir == wire.ToServer
		plain := slices.Concat(frame(0x81, masked, long), frame(0x81, masked, []byte("next")))
		c := deflated(true, long, []byte("next"))
		packed := slices.Concat(frame(0xc1, masked, c[0]), frame(0xc1, masked, c[1]))
		for name, b := range map[string][]byte{"plain": plain, "packed": packed} {
			for _, o := range []decode.Options{
				{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}, MaxMessage: 1000},
				{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}, Budget: decode.NewBudget(400 << 10)},
			} {
				for range 3 { // what was taken must be given back
					got, codes, ex := socket(o, dir, "permessage-deflate", b, pieces)
					if len(codes) > 0 || len(got) != 2 {
						t.Fatalf("%s: %d messages, anomalies %q", name, len(got), codes)
					}
					m := got[0]
					if !m.Truncated || m.Size != int64(len(long)) || len(m.Data) > 160<<10 || !bytes.HasPrefix(long, m.Data) || len(m.Data) < 1000 {
						t.Errorf("%s: kept %d bytes of %d, truncated %t", name, len(m.Data), m.Size, m.Truncated)
					}
					if m := got[1]; m.Truncated || string(m.Data) != "next" || m.Index != 1 {
						t.Errorf("%s: got %q behind it", name, m.Data)
					}
					if s := ex.Streams[wire.KindWebSocket]; s.Frames != 2 || s.Bytes != int64(len(long)+4) {
						t.Errorf("%s: counted %+v", name, s)
					}
				}
			}
		}
	}
}

// TestWebSocketBudget does not decompress where there is no memory for it.
func TestWebSocketBudget(t *testing.T) {
	o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}, Budget: decode.NewBudget(100 << 10)}
	b := append(frame(0x81, false, []byte("plain")), frame(0xc1, false, deflated(true, []byte("packed"))[0])...)
	got, codes, _ := socket(o, wire.ToClient, "permessage-deflate", b, pieces)
	if !slices.Equal(codes, []string{"not-decoded"}) || len(got) != 3 || got[2].Kind != wire.KindRaw {
		t.Errorf("got %d messages, anomalies %q", len(got), codes)
	}
}

// TestWebSocketEmpty has compressed messages of no bytes between others.
func TestWebSocketEmpty(t *testing.T) {
	for _, takeover := range []bool{true, false} {
		c := deflated(takeover, []byte("first"), []byte("second, not first"))
		b := slices.Concat(frame(0xc1, false, nil), frame(0xc1, false, c[0]), frame(0xc1, false, nil), frame(0xc1, false, nil), frame(0xc1, false, c[1]))
		extensions := "permessage-deflate"
		if !takeover {
			extensions += "; server_no_context_takeover"
		}
		got, codes, _ := socket(all(), wire.ToClient, extensions, b, pieces)
		var texts []string
		for _, m := range got {
			texts = append(texts, string(m.Data))
		}
		if want := []string{"", "first", "", "", "second, not first"}; !slices.Equal(texts, want) || len(codes) > 0 {
			t.Errorf("got %q, anomalies %q", texts, codes)
		}
	}
}

// TestWebSocketsEnd opens very many compressed streams. None may leave a
// coroutine behind.
func TestWebSocketsEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	c := deflated(false, []byte("some text"), []byte("some more"))
	b := slices.Concat(frame(0xc1, true, c[0]), frame(0xc1, true, c[1]), frame(0xf1, true, nil))
	for i := range 1000 {
		ext := "permessage-deflate" + []string{"", "; client_no_context_takeover"}[i%2]
		socket(decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}}, wire.ToServer, ext, b[:1+i%len(b)], pieces)
	}
	settle(t, before)
}

// FuzzWebSocket makes messages of anything, sends them in fragments with control
// frames between, compressed or not, in any pieces: they must be what they
// were.
func FuzzWebSocket(f *testing.F) {
	f.Add([]byte("hello, hello, hello again"), uint16(1))
	f.Add([]byte{}, uint16(2))
	f.Add(bytes.Repeat([]byte("\x00\xff\x81"), 300), uint16(3))
	f.Fuzz(func(t *testing.T, b []byte, seed uint16) {
		if len(b) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		rng := rand.New(rand.NewPCG(uint64(seed), 0))
		dir, takeover := wire.Dir(seed&1), seed&2 == 0
		var messages [][]byte
		for len(b) > 0 {
			n := 1 + rng.IntN(len(b))
			messages = append(messages, b[:n])
			b = b[n:]
		}
		packed := deflated(takeover, messages...)
		var stream []byte
		var want, control []string
		for i, m := range messages {
			first, payload := byte(1+rng.IntN(2)), m
			want = append(want, fmt.Sprintf("%d %q", first, m))
			if seed&4 == 0 {
				first, payload = first|0x40, packed[i]
			}
			for {
				n := rng.IntN(1 + len(payload))
				if rng.IntN(3) == 0 {
					n = len(payload)
				}
				if n == len(payload) {
					first |= 0x80
				}
				stream = append(stream, frame(first, dir == wire.ToServer, payload[:n])...)
				if payload = payload[n:]; first&0x80 != 0 {
					break
				}
				first = 0
				if rng.IntN(2) == 0 {
					ping := m[:min(len(m), rng.IntN(126))]
					stream = append(stream, frame(0x89, dir == wire.ToServer, ping)...)
					control = append(control, fmt.Sprintf("9 %q", ping))
				}
			}
		}
		span := 1 + int(seed)%300
		got, codes, _ := socket(all(), dir, "permessage-deflate", stream, func(left int) int { return min(left, 1+rng.IntN(span)) })
		if len(codes) > 0 {
			t.Errorf("anomalies %q", codes)
		}
		var data, pings []string
		for i, m := range got {
			s := fmt.Sprintf("%d %q", m.Opcode, m.Data)
			if m.Kind != wire.KindWebSocket || m.Size != int64(len(m.Data)) || m.Truncated || m.Index != i {
				t.Errorf("got %+v", m)
			}
			if m.Opcode < 8 {
				data = append(data, s)
			} else {
				pings = append(pings, s)
			}
		}
		if !slices.Equal(data, want) || !slices.Equal(pings, control) {
			t.Errorf("got %q and %q; want %q and %q", data, pings, want, control)
		}
	})
}
