package decode_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// TestLongBodiesAtOnce has connections take turns with bodies whose memory is
// used again: no body may get the bytes of another, and no message either.
func TestLongBodiesAtOnce(t *testing.T) {
	const conns, rounds, piece = 4, 6, 1000
	for _, keep := range []int64{0, 100, 20_000, 1 << 20} {
		for _, transient := range []bool{false, true} {
			o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: keep, Keeps: !transient}, Budget: decode.NewBudget(64 << 20)}
			var taps [conns]*decode.Conn
			var left, sent [conns][]byte
			messages, bodies := 0, 0
			for i := range taps {
				taps[i] = decode.New(&wire.Conn{ID: i, Start: t0}, o, func(ev wire.Event) {
					switch ev := ev.(type) {
					case *wire.Message:
						messages++
						if !bytes.Equal(ev.Data, sent[i]) {
							t.Errorf("keep %d: connection %d: a message of %d bytes differs from what was sent", keep, i, len(ev.Data))
						}
					case *wire.Body:
						bodies++
						if want := sent[i][:min(max(int(keep), decode.Preview), len(sent[i]))]; !bytes.Equal(ev.Data, want) {
							t.Errorf("keep %d: connection %d: a body of %d bytes is not the %d bytes that were sent", keep, i, len(ev.Data), len(want))
						}
					}
				})
			}
			for round := range rounds {
				for i, tap := range taps {
					c := byte('a' + i + round*conns)
					sent[i] = fmt.Appendf(nil, `{"n":"%s"}`, bytes.Repeat([]byte{c}, 5_000*(round+1)+30_000*i))
					left[i] = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(sent[i]), sent[i])
					tap.Chunk(wire.Chunk{Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
				}
				for more := true; more; {
					more = false
					for i, tap := range taps {
						n := min(piece, len(left[i]))
						tap.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: left[i][:n]})
						left[i] = left[i][n:]
						more = more || len(left[i]) > 0
					}
				}
			}
			if want := conns * rounds; messages != want || bodies != want {
				t.Errorf("keep %d: %d messages, %d bodies; want %d of both", keep, messages, bodies, want)
			}
		}
	}
}

// TestValueBeyondBudget cuts a value where the memory for it is spent, and says
// so.
func TestValueBeyondBudget(t *testing.T) {
	doc := fmt.Appendf(nil, `{"n":"%s"}`, bytes.Repeat([]byte("x"), 1000))
	for _, budget := range []int64{1, 100, 500, 700, 1000, 1500} {
		var got []byte
		cut := false
		d := decode.New(&wire.Conn{Start: t0}, decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 600, Keeps: true}, Budget: decode.NewBudget(budget)}, func(ev wire.Event) {
			if m, ok := ev.(*wire.Message); ok {
				got, cut = bytes.Clone(m.Data), m.Truncated
			}
		})
		d.Chunk(wire.Chunk{Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
		d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")})
		for b := doc; len(b) > 0; {
			n := min(50, len(b))
			d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: b[:n]})
			b = b[n:]
		}
		if !bytes.HasPrefix(doc, got) || cut != (len(got) < len(doc)) || len(got) == 0 {
			t.Errorf("budget %d: got %d bytes, cut: %t", budget, len(got), cut)
		}
	}
}

// TestStreamBeyondBody cuts a stream of values into pieces, of which the body
// keeps all, some or none.
func TestStreamBeyondBody(t *testing.T) {
	var docs [][]byte
	for n := range 60 {
		docs = append(docs, fmt.Appendf(nil, `{"n":"%s"}`, bytes.Repeat([]byte{'a' + byte(n%26)}, n*n)))
	}
	stream := bytes.Join(docs, []byte("\n"))
	for _, keep := range []int64{0, 64, 100, 1000, 5000, 1 << 20} {
		for _, piece := range []int{1, 7, 100, 3000} {
			i := 0
			d := decode.New(&wire.Conn{Start: t0}, decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: keep, Keeps: true}}, func(ev wire.Event) {
				switch ev := ev.(type) {
				case *wire.Message:
					if i >= len(docs) || !bytes.Equal(ev.Data, docs[i]) || ev.Truncated {
						t.Fatalf("keep %d, pieces of %d: message %d has %d bytes: %.20q", keep, piece, i, len(ev.Data), ev.Data)
					}
					i++
				case *wire.Anomaly:
					t.Errorf("keep %d, pieces of %d: %s %s", keep, piece, ev.Code, ev.Detail)
				}
			})
			d.Chunk(wire.Chunk{Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
			d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")})
			for b := stream; len(b) > 0; {
				n := min(piece, len(b))
				d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: b[:n]})
				b = b[n:]
			}
			d.End(t0, nil)
			if i != len(docs) {
				t.Errorf("keep %d, pieces of %d: %d messages; want %d", keep, piece, i, len(docs))
			}
		}
	}
}

// TestRoomOfKeptBodies: a body that others keep has no more room than it may
// have bytes.
func TestRoomOfKeptBodies(t *testing.T) {
	for _, size := range []int{16_500, 33_000, 1_100_000} {
		for _, piece := range []int{64 << 10, size + 200} {
			var got []byte
			o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: int64(size), Keeps: true}, Budget: decode.NewBudget(64 << 20)}
			tap := decode.New(&wire.Conn{Start: t0}, o, func(ev wire.Event) {
				if b, ok := ev.(*wire.Body); ok && b.Dir == wire.ToClient {
					got = b.Data
				}
			})
			tap.Chunk(wire.Chunk{Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
			answer := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, bytes.Repeat([]byte("x"), size))
			for part := range slices.Chunk(answer, piece) {
				tap.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: part})
			}
			if len(got) != size || cap(got) > size+size/8 { // as far as the allocator rounds up
				t.Errorf("%d bytes in pieces of %d: kept %d of them in %d", size, piece, len(got), cap(got))
			}
		}
	}
}

// TestKeptBodiesStay: what others keep is not used again for what comes later.
func TestKeptBodiesStay(t *testing.T) {
	const size = 8 << 10
	o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: size, Keeps: true}, Budget: decode.NewBudget(64 << 20)}
	var kept []byte
	tap := decode.New(&wire.Conn{Start: t0}, o, func(ev wire.Event) {
		if b, ok := ev.(*wire.Body); ok && kept == nil {
			kept = b.Data
		}
	})
	for _, typ := range []string{"application/x-tar", "application/json"} {
		body := fmt.Appendf(nil, "[%s\"%s\"]", bytes.Repeat([]byte("1,"), 10), bytes.Repeat([]byte("x"), 2*size))
		if typ != "application/json" {
			body = bytes.Repeat([]byte("k"), size)
		}
		tap.Chunk(wire.Chunk{Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
		tap.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", typ, len(body))})
		for part := range slices.Chunk(body, 1000) {
			tap.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: part})
		}
	}
	if !bytes.Equal(kept, bytes.Repeat([]byte("k"), size)) {
		t.Errorf("the body that is kept has become %.20q…", kept)
	}
}
