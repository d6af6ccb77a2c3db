package decode_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// compressor is what all encoders are.
type compressor interface {
	io.WriteCloser
	Flush() error
}

// encoders are the codings that are known, and lists of them.
var encoders = []struct {
	coding string // as in Content-Encoding
	to     func(io.Writer) compressor
}{
	{"gzip", func(w io.Writer) compressor { return gzip.NewWriter(w) }},
	{"deflate", func(w io.Writer) compressor { return zlib.NewWriter(w) }},
	{"deflate", func(w io.Writer) compressor { return must(flate.NewWriter(w, flate.BestSpeed)) }},
	{"br", func(w io.Writer) compressor { return brotli.NewWriter(w) }},
	{"zstd", func(w io.Writer) compressor { return must(zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))) }},
	{"gzip, br", func(w io.Writer) compressor {
		outer := brotli.NewWriter(w)
		return both{gzip.NewWriter(outer), outer}
	}},
	{"zstd, gzip", func(w io.Writer) compressor {
		outer := gzip.NewWriter(w)
		return both{must(zstd.NewWriter(outer, zstd.WithEncoderConcurrency(1))), outer}
	}},
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// both is two encoders behind each other.
type both struct {
	compressor
	outer compressor
}

func (b both) Flush() error { b.compressor.Flush(); return b.outer.Flush() }
func (b both) Close() error { b.compressor.Close(); return b.outer.Close() }

// encode returns b in the nth coding, flushed behind each of ends.
func encode(n int, b []byte, ends ...int) []byte {
	var out bytes.Buffer
	w := encoders[n].to(&out)
	at := 0
	for _, end := range ends {
		w.Write(b[at:end])
		w.Flush()
		at = end
	}
	w.Write(b[at:])
	w.Close()
	return out.Bytes()
}

// coded returns a response whose body is b, which is in coding.
func coded(coding, typ string, b []byte) []byte {
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n", typ, coding, len(b))
	return append([]byte(head), b...)
}

const ask = "GET /x HTTP/1.1\r\n\r\n"

// TestCodingFlush sends lines one by one, each flushed: each must be shown when
// it comes.
func TestCodingFlush(t *testing.T) {
	for _, e := range encoders {
		t.Run(e.coding, func(t *testing.T) {
			conn := &wire.Conn{ID: 1, Start: t0}
			var got []string
			d := decode.New(conn, all(), func(ev wire.Event) {
				switch ev := ev.(type) {
				case *wire.Message:
					got = append(got, string(ev.Data))
				case *wire.Anomaly:
					t.Errorf("anomaly %s %s", ev.Code, ev.Detail)
				}
			})
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte(ask)})
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, Data: []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: " + e.coding + "\r\n\r\n")})
			var out bytes.Buffer
			w := e.to(&out)
			for i := range 5 {
				line := fmt.Sprintf(`{"line":%d,"of":"some text"}`, i)
				io.WriteString(w, line+"\n")
				w.Flush()
				d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, Data: out.Bytes()})
				out.Reset()
				if len(got) != i+1 || got[i] != line {
					t.Fatalf("line %d: got %q", i, got)
				}
			}
			w.Close()
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, Data: out.Bytes(), EOF: true})
			d.End(t0, nil)
		})
	}
}

// TestCodingGoroutines decodes each read in another goroutine, as the two that
// relay a connection do.
func TestCodingGoroutines(t *testing.T) {
	for n, e := range encoders {
		text := strings.Repeat("some text, ", 100)
		conn := &wire.Conn{ID: 1, Start: t0}
		var got []byte
		d := decode.New(conn, all(), func(ev wire.Event) {
			if m, ok := ev.(*wire.Message); ok {
				got = append(got, m.Data...)
			}
		})
		elsewhere := func(c wire.Chunk) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				c.Conn, c.Time = conn, t0
				d.Chunk(c)
			}()
			<-done
		}
		elsewhere(wire.Chunk{Data: []byte(ask)})
		for b := range slices.Chunk(coded(e.coding, "text/html", encode(n, []byte(text), 10, 20, 500)), 7) {
			elsewhere(wire.Chunk{Dir: wire.ToClient, Data: b})
		}
		d.End(t0, nil)
		if string(got) != text {
			t.Errorf("%s: got %q", e.coding, got)
		}
	}
}

// TestCodingNotWanted leaves codings alone where nobody looks inside.
func TestCodingNotWanted(t *testing.T) {
	b := encode(0, []byte(strings.Repeat("text ", 100)))
	for _, c := range []struct {
		o      decode.Options
		coding string
		bytes  int64
	}{
		{decode.Options{Needs: wire.Needs{Fields: true, Keeps: true}}, "", int64(len(b))},
		{decode.Options{Needs: wire.Needs{Fields: true, Body: 1, Keeps: true}}, "gzip", 500},
		{decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}}, "gzip", 500},
	} {
		codes, ex := feed(c.o, []byte(ask), coded("gzip", "text/html", b))
		w := ex[0].ResponseBody
		if len(codes) > 0 || w.Coding != c.coding || w.Bytes != c.bytes || w.WireBytes != int64(len(b)) {
			t.Errorf("%+v: got coding %q, %d bytes, %d on the wire, anomalies %q", c.o, w.Coding, w.Bytes, w.WireBytes, codes)
		}
	}
}

// TestCodingBudget decodes only what there is memory for, and gives it back.
func TestCodingBudget(t *testing.T) {
	text := []byte(strings.Repeat("text ", 100))
	for n, e := range encoders {
		b := encode(n, text)
		for _, c := range []struct {
			budget int64
			code   string
		}{{64 << 20, ""}, {64 << 10, "not-decoded"}} {
			o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}, Budget: decode.NewBudget(c.budget)}
			for round := range 5 {
				codes, ex := feed(o, []byte(ask), coded(e.coding, "text/html", b))
				w := ex[0].ResponseBody
				decoded := w.Coding == e.coding && w.Bytes == int64(len(text))
				measured := w.Coding == "" && w.Bytes == int64(len(b)) && w.Content == wire.KindBinary
				if strings.Join(codes, " ") != c.code || decoded != (c.code == "") || measured == decoded {
					t.Errorf("%s, budget %d, round %d: coding %q, %d bytes, anomalies %q", e.coding, c.budget, round, w.Coding, w.Bytes, codes)
				}
			}
		}
	}
}

// TestBombs decodes what becomes far more than it was, without letting it.
func TestBombs(t *testing.T) {
	zeros := make([]byte, 12<<20)
	for n, e := range encoders {
		b := encode(n, zeros)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		codes, ex := feed(decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 1 << 20, Keeps: true}}, []byte(ask), coded(e.coding, "application/x-tar", b))
		runtime.ReadMemStats(&after)
		w := ex[0].ResponseBody
		if n := after.TotalAlloc - before.TotalAlloc; n > 32<<20 {
			t.Errorf("%s: allocated %d bytes", e.coding, n)
		}
		if e.coding == "gzip" || e.coding == "deflate" { // nothing that DEFLATE can do is a bomb
			if len(codes) > 0 || w.Bytes != int64(len(zeros)) {
				t.Errorf("%s: anomalies %q, %d bytes", e.coding, codes, w.Bytes)
			}
			continue
		}
		if limit := int64(1<<20 + 1100*len(b)); !slices.Equal(codes, []string{"coding-bomb"}) || w.Bytes > limit || w.Bytes < 1<<20 {
			t.Errorf("%s: %d bytes of at most %d, anomalies %q", e.coding, w.Bytes, limit, codes)
		}
		if !w.Truncated || !w.Complete || w.WireBytes != int64(len(b)) {
			t.Errorf("%s: got %+v", e.coding, w)
		}
	}
}

// TestCoroutinesEnd ends very many coded bodies in every way there is. None may
// leave anything behind.
func TestCoroutinesEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	rng := rand.New(rand.NewPCG(1, 2))
	var bodies [][]byte
	for n := range encoders {
		bodies = append(bodies, encode(n, []byte(strings.Repeat("some text, ", 50)), 100, 200))
	}
	budget := decode.NewBudget(64 << 20)
	ended := 10_000
	if testing.Short() {
		ended = 2_000
	}
	for i := range ended {
		n := i % len(encoders)
		resp := coded(encoders[n].coding, "text/html", bodies[n])
		head := len(resp) - len(bodies[n])
		end := head + rng.IntN(len(bodies[n]))
		abandon(i/len(encoders)%5, budget, resp, end)
	}
	settle(t, before)
	o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}, Budget: budget}
	for n := range encoders { // and the budget is as it was
		if codes, _ := feed(o, []byte(ask), coded(encoders[n].coding, "text/html", bodies[n])); len(codes) > 0 {
			t.Errorf("%s: %q", encoders[n].coding, codes)
		}
	}
}

// settle waits until there are no more goroutines than before.
func settle(t *testing.T, before int) {
	t.Helper()
	for range 100 { // a coroutine that was stopped is gone a little later
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines are left", runtime.NumGoroutine()-before)
}

// abandon decodes a response up to end, and then does one of five things to it.
func abandon(how int, budget *decode.Budget, resp []byte, end int) {
	conn := &wire.Conn{ID: 1, Start: t0}
	panics := false
	d := decode.New(conn, decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}, Budget: budget}, func(ev wire.Event) {
		if _, ok := ev.(*wire.Message); ok && panics {
			panic("a sink has failed")
		}
	})
	chunk := func(dir wire.Dir, b []byte, lost int) {
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: dir, Data: b, Lost: lost})
	}
	chunk(wire.ToServer, []byte(ask), 0)
	var err error
	switch how {
	case 0: // cut off
		chunk(wire.ToClient, resp[:end], 0)
		err = io.ErrUnexpectedEOF
	case 1: // the trace ends
		chunk(wire.ToClient, resp[:end], 0)
		err = wire.ErrStopped
	case 2: // broken
		b := bytes.Clone(resp)
		b[end] ^= 0x55
		chunk(wire.ToClient, b, 0)
	case 3: // a hole
		chunk(wire.ToClient, resp[:end], 0)
		chunk(wire.ToClient, resp[end+1:], 1)
	case 4: // whoever gets the events fails, and is told so
		panics = true
		func() {
			defer func() { _ = recover() }()
			chunk(wire.ToClient, resp, 0)
		}()
	}
	d.End(t0, err)
}

// TestDigest tells the digest of binary bodies, and of those only.
func TestDigest(t *testing.T) {
	tar := append([]byte("file"), make([]byte, 200<<10)...)
	sum := sha256.Sum256(tar)
	want := "sha256:" + hex.EncodeToString(sum[:])
	o := decode.Options{Needs: wire.Needs{Fields: true, Body: 10, Digest: true, Keeps: true}}
	gz := encode(0, tar)
	for _, c := range []struct {
		name string
		o    decode.Options
		resp []byte
		want string
	}{
		{"sent as it is", o, coded("identity", "application/x-tar", tar), want},
		{"coded", o, coded("gzip", "application/x-tar", gz), want},
		{"not asked for", decode.Options{Needs: wire.Needs{Fields: true, Body: 10, Keeps: true}}, coded("gzip", "application/x-tar", gz), ""},
		{"not looked at", decode.Options{Needs: wire.Needs{Fields: true, Digest: true, Keeps: true}}, coded("identity", "application/x-tar", tar), ""},
		{"cut off", o, coded("identity", "application/x-tar", tar)[:1000], ""},
		{"broken", o, coded("gzip", "application/x-tar", append(gz[:len(gz)-1:len(gz)-1], 0xff)), ""},
		{"text", o, coded("identity", "text/html", []byte("text")), ""},
		{"a bare NUL under the name of a text", decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Digest: true, Keeps: true}}, coded("gzip", "text/css", gz), want},
	} {
		_, ex := feed(c.o, []byte(ask), c.resp)
		if got := ex[0].ResponseBody.Digest; got != c.want {
			t.Errorf("%s: got %q; want %q", c.name, got, c.want)
		}
	}
}

// FuzzCoding encodes anything in any coding, flushed anywhere, and decodes it in
// any pieces: it must be what it was.
func FuzzCoding(f *testing.F) {
	for n := range encoders {
		f.Add(n, []byte(strings.Repeat("<p>some text</p>\n", 20)), uint16(n))
		f.Add(n, []byte{}, uint16(1))
	}
	f.Fuzz(func(t *testing.T, n int, b []byte, seed uint16) {
		if n < 0 || n >= len(encoders) || len(b) > maxFuzz {
			t.Skip("no such coding, or too long to be worth a try")
		}
		if m := media.Marked(b, true); m.Size > 0 {
			t.Skip("a byte order mark is not shown")
		}
		if bytes.IndexByte(b[:min(4, len(b))], 0) >= 0 {
			t.Skip("it may be UTF-16 or UTF-32")
		}
		rng := rand.New(rand.NewPCG(uint64(seed), 0))
		var ends []int
		for i := 0; i < len(b); i += 1 + rng.IntN(200) {
			ends = append(ends, i)
		}
		enc := encode(n, b, ends...)
		var got []byte
		var body *wire.Body
		conn := &wire.Conn{ID: 1, Start: t0}
		d := decode.New(conn, all(), func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Message:
				got = append(got, ev.Data...)
			case *wire.Body:
				body = ev
			case *wire.Anomaly:
				if ev.Code != "bad-json" || !media.LeadOf(b, true).JSON {
					t.Errorf("anomaly %s %q", ev.Code, ev.Detail)
				}
			}
		})
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte(ask)})
		for resp := coded(encoders[n].coding, "text/html", enc); len(resp) > 0; {
			k := min(len(resp), 1+rng.IntN(1+int(seed)%300))
			piece := bytes.Clone(resp[:k])
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, Data: piece})
			for i := range piece {
				piece[i] = '!'
			}
			resp = resp[k:]
		}
		d.End(t0, nil)
		switch {
		case body == nil || !bytes.Equal(body.Data, b) || body.Bytes != int64(len(b)) || body.WireBytes != int64(len(enc)):
			t.Errorf("%s: got %+v; want %q", encoders[n].coding, body, b)
		case body.Content == wire.KindText && !bytes.Equal(got, b):
			t.Errorf("%s: messages %q; want %q", encoders[n].coding, got, b)
		}
	})
}
