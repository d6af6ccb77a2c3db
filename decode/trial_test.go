package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestTrial has bodies in a coding that has no beginning of its own go wrong: what
// was text until then, or was long, was in the coding, and anything else was not.
func TestTrial(t *testing.T) {
	chunk := func(n int, b, end string) string { return fmt.Sprintf("%02x\r\n%s%s", n, strings.Repeat(b, n), end) }
	for _, c := range []struct {
		name, body string
		coding     string
		bytes      int
	}{
		{"a text", chunk(10, "t", "x\n"), "aws-chunked", 10},
		{"a short text", chunk(3, "t", "x\n"), "aws-chunked", 3},
		{"nothing", "x\n", "", 2},
		{"binary", chunk(10, "\x01", "x\n"), "", 16},
		{"the beginning of a character", chunk(1, "\xe2", "x\n"), "", 7},
		{"as much binary as is doubted", chunk(58, "\x01", "x\n"), "", 64},
		{"more", chunk(59, "\x01", "x\n"), "aws-chunked", 59},
		{"binary that ends", chunk(10, "\x01", "\r\n0\r\n\r\n"), "aws-chunked", 10},
		{"text that ends", chunk(2, "t", "\r\n0\r\n\r\n"), "aws-chunked", 2},
		{"binary that breaks off", chunk(10, "\x01", ""), "", 14},
	} {
		for _, step := range []int{1, 3, 1000} {
			var got *wire.Body
			var codes []string
			d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), tracetest.Booked(func(ev wire.Event) {
				switch ev := ev.(type) {
				case *wire.Body:
					got = ev
				case *wire.Anomaly:
					codes = append(codes, ev.Code)
				}
			}))
			d.Chunk(wire.Chunk{Time: t0, Data: []byte(ask)})
			for b := coded("aws-chunked", "text/html", []byte(c.body)); len(b) > 0; {
				n := min(step, len(b))
				d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: b[:n]})
				b = b[n:]
			}
			d.End(t0, nil)
			wrong := !strings.HasSuffix(c.body, "\r\n0\r\n\r\n")
			if got.Coding != c.coding || got.Bytes != int64(c.bytes) || wrong != (strings.Join(codes, " ") == "bad-coding") || got.Truncated != (wrong && c.coding != "") {
				t.Errorf("%s, %d bytes at a time: coding %q, %d bytes, truncated %t, anomalies %q", c.name, step, got.Coding, got.Bytes, got.Truncated, codes)
			}
		}
	}
}

// TestTrialIsShort tells what comes out of a coding as soon as it is certain that
// there is one.
func TestTrialIsShort(t *testing.T) {
	told := ""
	d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), func(ev wire.Event) {
		if m, ok := ev.(*wire.Message); ok {
			told += string(m.Data)
		}
	})
	d.Chunk(wire.Chunk{Time: t0, Data: []byte(ask)})
	d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: aws-chunked\r\n\r\n10\r\n")})
	for i, want := range []string{"", "", "", "0123", "01234", "012345"} {
		d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: []byte("0123456789abcdef"[i : i+1])})
		if told != want {
			t.Errorf("when %d bytes have come out, %q are told", i+1, told)
		}
	}
	d.End(t0, nil)
}

// TestTrialTakesOnce needs the memory for a decompressor once, however many pieces the
// beginning of a body comes in.
func TestTrialTakesOnce(t *testing.T) {
	text := []byte(strings.Repeat("text ", 100))
	m := memory.New(400 << 10)
	s := newSpender(decode.BudgetOf(m))
	s.says(wire.ToServer, ask)
	for _, b := range coded("gzip", "text/html", encode(0, text)) {
		s.says(wire.ToClient, string([]byte{b}))
	}
	if len(s.exchanges) != 1 || s.exchanges[0].ResponseBody.Coding != "gzip" || s.exchanges[0].ResponseBody.Bytes != int64(len(text)) || len(s.codes) > 0 {
		t.Errorf("%d exchanges, anomalies %q", len(s.exchanges), s.codes)
	}
	if m.Left() < 380<<10 {
		t.Errorf("%d bytes are left when the body has ended", m.Left())
	}
	s.End(t0, nil)
}
