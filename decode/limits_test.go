package decode_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// feed gives a decoder chunks of alternating size, and returns the codes of the
// anomalies and the exchanges.
func feed(o decode.Options, toServer, toClient []byte) (codes []string, exchanges []*wire.Exchange) {
	conn := &wire.Conn{ID: 1, Start: t0}
	d := decode.New(conn, o, tracetest.Booked(func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Anomaly:
			codes = append(codes, ev.Code)
		case *wire.Exchange:
			exchanges = append(exchanges, ev)
		}
	}))
	for dir, b := range [][]byte{toServer, toClient} {
		for len(b) > 0 {
			n := min(len(b), 32<<10)
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.Dir(dir), Data: b[:n]})
			b = b[n:]
		}
	}
	d.End(t0, nil)
	return codes, exchanges
}

// TestLimits sends what is too much, and looks whether decoding goes on behind
// it.
func TestLimits(t *testing.T) {
	next := "\r\n\r\nGET /next HTTP/1.1\r\n\r\n"
	for _, c := range []struct {
		name, toServer, want string
		exchanges            int
	}{
		{"head of 10 MB", "GET / HTTP/1.1\r\n" + strings.Repeat("X-Long: "+strings.Repeat("y", 1000)+"\r\n", 10000) + next, "head-too-large", 1},
		{"line of 10 MB", "GET /" + strings.Repeat("y", 10<<20) + " HTTP/1.1" + next, "head-too-large", 1},
		{"endless chunk size", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("0", 1<<20) + next, "bad-chunk-size", 2},
		{"endless trailers", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: y\r\n", 1<<18) + next, "head-too-large", 2},
		{"bytes behind an upgrade", "POST /x HTTP/1.1\r\nUpgrade: x\r\n\r\n" + strings.Repeat("z", 2<<20) + next, "held-too-long", 2},
		{"pipelined requests", strings.Repeat("GET / HTTP/1.1\r\n\r\n", 5000), "too-many-open", 4096},
	} {
		t.Run(c.name, func(t *testing.T) {
			codes, exchanges := feed(all(), []byte(c.toServer), nil)
			if len(codes) == 0 || codes[0] != c.want {
				t.Errorf("got anomalies %.5q; want %s first", codes, c.want)
			}
			if len(exchanges) != c.exchanges {
				t.Errorf("got %d exchanges; want %d", len(exchanges), c.exchanges)
			}
		})
	}
}

// TestMost has heads, and what is held behind an upgrade, be as long as they may be,
// and one byte longer.
func TestMost(t *testing.T) {
	defer decode.Small(100, 100)()
	fill := func(s string, n int, end string) string { return s + strings.Repeat("y", n-len(s)-len(end)) + end }
	const get, chunked = "GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
	const upgrade = "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n"
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"a head", fill(get, 100, "\r\n\r\n"), ""},
		{"a longer head", fill(get, 101, "\r\n\r\n"), "head-too-large"},
		{"a head that is not whole", fill(get, 100, ""), ""},
		{"a longer head that is not whole", fill(get, 101, ""), "head-too-large"},
		{"a trailer section that is not whole", chunked + fill("X: ", 100, ""), ""},
		{"a longer trailer section", chunked + fill("X: ", 101, ""), "head-too-large"},
		{"bytes behind an upgrade", upgrade + fill("", 100, ""), ""},
		{"more bytes behind an upgrade", upgrade + fill("", 101, ""), "held-too-long"},
	} {
		var codes []string
		d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), func(ev wire.Event) {
			if a, ok := ev.(*wire.Anomaly); ok {
				codes = append(codes, a.Code)
			}
		})
		d.Chunk(wire.Chunk{Time: t0, Data: []byte(c.text)})
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s: anomalies %q, want %q", c.name, got, c.want)
		}
		d.End(t0, wire.ErrStopped)
	}
}

// TestBudget keeps the beginning of a body, as far as all connections together
// may.
func TestBudget(t *testing.T) {
	body := bytes.Repeat([]byte("b"), 100<<10)
	req := append([]byte("POST / HTTP/1.1\r\nContent-Type: application/x-tar\r\nContent-Length: 102400\r\n\r\n"), body...)
	for _, c := range []struct {
		name         string
		keep, budget int64
		least, most  int
	}{
		{"preview only", 0, 1 << 20, decode.Preview, decode.Preview},
		{"up to KeepBody", 1000, 1 << 20, 1000, 1000},
		{"all", 1 << 20, 1 << 20, len(body), len(body)},
		{"as far as the budget goes", 1 << 20, 40 << 10, 1, 40 << 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: c.keep, Keeps: true}, Budget: decode.NewBudget(c.budget)}
			for round := range 3 { // what was taken must be given back
				_, ex := feed(o, req, []byte("HTTP/1.1 204 No Content\r\n\r\n"))
				b := ex[0].RequestBody
				if n := len(b.Data); n < c.least || n > c.most {
					t.Errorf("round %d: kept %d bytes; want %d to %d", round, n, c.least, c.most)
				}
				if b.Bytes != int64(len(body)) || b.Truncated != (len(b.Data) < len(body)) {
					t.Errorf("round %d: size %d, truncated %t", round, b.Bytes, b.Truncated)
				}
			}
		})
	}
}

// TestPanic loses the decoding of a connection, not the caller, and gives back
// what the connection had of the budget.
func TestPanic(t *testing.T) {
	conn := &wire.Conn{ID: 1, Start: t0}
	const budget = 4 << 20
	o := decode.Options{Needs: wire.Needs{Sizes: true, Messages: true, Body: 1 << 20}, Budget: decode.NewBudget(budget)}
	for range 3 {
		var last wire.Event
		d := decode.New(conn, o, func(ev wire.Event) { last = ev })
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("PUT / HTTP/1.1\r\nContent-Length: 700000\r\n\r\n" + strings.Repeat("x", 650_000))})
		if left := decode.Left(o.Budget); left > budget-1_300_000 {
			t.Fatalf("%d bytes of the budget are left: nothing was kept", left)
		}
		decode.Break(d)
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("more")})
		if a, ok := last.(*wire.Anomaly); !ok || a.Code != "decoder-panic" || a.Detail != "broken for a test" {
			t.Errorf("got %#v", last)
		}
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("and more")})
		if left := decode.Left(o.Budget); left != budget {
			t.Errorf("%d bytes of the budget are left", left)
		}
		d.End(t0, nil)
		if c, ok := last.(*wire.Close); !ok || c.Bytes[wire.ToServer] < 650_012 {
			t.Errorf("got %#v; want Close", last)
		}
	}
}

// TestForeignPanic does not take the blame for those who get the events.
func TestForeignPanic(t *testing.T) {
	conn := &wire.Conn{ID: 1, Start: t0}
	var seen []wire.Event
	d := decode.New(conn, decode.Options{}, func(ev wire.Event) {
		seen = append(seen, ev)
		if _, ok := ev.(*wire.Request); ok {
			panic("a sink has failed")
		}
	})
	func() {
		defer func() {
			if r := recover(); r != "a sink has failed" {
				t.Errorf("recovered %v", r)
			}
		}()
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
	}()
	d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
	d.End(t0, nil)
	if len(seen) != 3 {
		t.Fatalf("%d events; want Open, Request, Close", len(seen))
	}
	if c, ok := seen[2].(*wire.Close); !ok || c.Bytes[wire.ToServer] != 36 {
		t.Errorf("got %#v; want Close", seen[2])
	}
}

// TestStopped ends the trace in the middle: what runs is open, not broken.
func TestStopped(t *testing.T) {
	conn := &wire.Conn{ID: 1, Start: t0}
	var states []wire.State
	d := decode.New(conn, all(), func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.End:
			states = append(states, ev.State)
		case *wire.Anomaly:
			t.Errorf("anomaly %s", ev.Code)
		}
	})
	d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte("GET /events HTTP/1.1\r\n\r\nGET /x HT")})
	d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, Data: []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}")})
	d.End(t0, wire.ErrStopped)
	if len(states) != 1 || states[0] != wire.StateOpen {
		t.Errorf("got states %v; want one that is open", states)
	}
}

// TestCodes checks that every anomaly has a sentence, and is reached by a
// transcript or by a test in this file.
func TestCodes(t *testing.T) {
	reached := map[string]bool{
		"head-too-large": true, "held-too-long": true, "too-many-open": true, "decoder-panic": true, "lost": true,
		"not-decoded":  true, // TestCodingBudget
		"many-entries": true, // TestManyTarEntries of package content
		"memory-spent": true, // TestSpentOnHeads
	}
	files, err := filepath.Glob("testdata/golden/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(b), "\n") {
			if _, rest, ok := strings.Cut(line, " anomaly "); ok {
				code, _, _ := strings.Cut(rest, " ")
				reached[code] = true
			}
		}
	}
	for code, sentence := range decode.Codes() {
		if sentence == "" {
			t.Errorf("%s has no sentence", code)
		}
		if !reached[code] {
			t.Errorf("no transcript reaches %s", code)
		}
	}
	for code := range reached {
		if decode.Codes()[code] == "" && !strings.HasPrefix(code, "@") {
			t.Errorf("%s is not documented", code)
		}
	}
}

// TestSentences has what each code means, in a list for who reads it.
func TestSentences(t *testing.T) {
	const golden = "testdata/codes.txt"
	var lines []string
	for code, sentence := range decode.Codes() {
		lines = append(lines, code+": "+sentence+"\n")
	}
	slices.Sort(lines)
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the codes differ from %s (-update writes it anew):\n%s", golden, got)
	}
}

// TestManyReads holds a head that comes in more reads than are told apart.
func TestManyReads(t *testing.T) {
	conn := &wire.Conn{ID: 1, Start: t0}
	var got *wire.Request
	d := decode.New(conn, decode.Options{Needs: wire.Needs{Fields: true, Keeps: true}}, func(ev wire.Event) {
		if r, ok := ev.(*wire.Request); ok {
			got = r
		}
	})
	head := "GET / HTTP/1.1\r\nX: " + strings.Repeat("y", 20000) + "\r\n\r\n"
	for i := range len(head) {
		d.Chunk(wire.Chunk{Conn: conn, Time: t0.Add(time.Duration(i)), Data: []byte{head[i]}})
	}
	if got == nil {
		t.Fatal("no request")
	}
	if first, last := got.Start.Sub(t0), got.End.Sub(t0); first != 0 || last != time.Duration(len(head)-1) {
		t.Errorf("seen from %d to %d; want 0 to %d", first, last, len(head)-1)
	}
}

// TestJSONBudget cuts an unfinished value when all connections together keep
// too much.
func TestJSONBudget(t *testing.T) {
	o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}, Budget: decode.NewBudget(500 << 10)}
	value := `{"a":"` + strings.Repeat("b", 200<<10) + `"}`
	req := "POST / HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
	for round := range 3 { // what was taken must be given back
		conn := &wire.Conn{ID: 1, Start: t0}
		var got *wire.Message
		d := decode.New(conn, o, func(ev wire.Event) {
			if m, ok := wire.Clone(ev).(*wire.Message); ok {
				got = m
			}
		})
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte(req + "32008\r\n")})
		for b := value; b != ""; {
			n := min(len(b), 32<<10)
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte(b[:n])})
			b = b[n:]
		}
		d.End(t0, nil)
		if got == nil || !got.Truncated || got.Size != int64(len(value)) || len(got.Data) < 64<<10 {
			t.Errorf("round %d: got %d of %d bytes", round, len(got.Data), got.Size)
		}
	}
}

// TestManyFolds folds one field over very many lines, and repeats one.
func TestManyFolds(t *testing.T) {
	const n = 100_000
	head := "GET / HTTP/1.1\r\nX: a\r\n" + strings.Repeat(" b\r\n", n) + strings.Repeat("Upgrade:u\r\n", n/4) + "\r\n"
	_, ex := feed(decode.Options{Needs: wire.Needs{Fields: true, Keeps: true}}, []byte(head), nil)
	if len(ex) != 1 {
		t.Fatalf("%d exchanges", len(ex))
	}
	fields := ex[0].Request.Fields
	if got, want := fields[0].Value, "a"+strings.Repeat(" b", n); got != want {
		t.Errorf("folded value has %d bytes; want %d", len(got), len(want))
	}
	if len(fields) != 1+n/4 {
		t.Errorf("%d fields; want %d", len(fields), 1+n/4)
	}
}

// TestManyInterim sends more 1xx responses than are kept.
func TestManyInterim(t *testing.T) {
	_, ex := feed(decode.Options{Needs: wire.Needs{Fields: true, Keeps: true}}, []byte("GET / HTTP/1.1\r\n\r\n"),
		[]byte(strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 5000)+"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
	if len(ex) != 1 || ex[0].Response == nil || ex[0].Response.Status != 200 {
		t.Fatalf("got %v", ex)
	}
	if n := len(ex[0].Interim); n == 0 || n > 100 {
		t.Errorf("%d interim responses were kept", n)
	}
}

// TestPairing answers some of too many requests before more come: none of those
// may get the answer of one that was not followed.
func TestPairing(t *testing.T) {
	conn := &wire.Conn{ID: 1, Start: t0}
	wrong, done := 0, 0
	d := decode.New(conn, decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true}}, tracetest.Booked(func(ev wire.Event) {
		if ex, ok := ev.(*wire.Exchange); ok && ex.Request != nil && ex.ResponseBody != nil {
			done++
			if "/"+string(ex.ResponseBody.Data) != ex.Request.Target {
				wrong++
			}
		}
	}))
	send := func(dir wire.Dir, s string) {
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: dir, Data: []byte(s)})
	}
	ask := func(from, to int) {
		for i := from; i < to; i++ {
			send(wire.ToServer, fmt.Sprintf("GET /%05d HTTP/1.1\r\n\r\n", i))
		}
	}
	answer := func(from, to int) {
		for i := from; i < to; i++ {
			send(wire.ToClient, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n%05d", i))
		}
	}
	ask(0, 4200)
	answer(0, 100)
	ask(4200, 4210)
	answer(100, 4210)
	d.End(t0, nil)
	if wrong > 0 || done < 4000 {
		t.Errorf("%d exchanges, %d with the answer of another", done, wrong)
	}
}

// TestLongNames sends ids that are too long to be remembered.
func TestLongNames(t *testing.T) {
	o := all()
	id := strings.Repeat("i", 1<<10)
	inspect := fmt.Sprintf(`{"Id":%q,"Config":{"Tty":true}}`, id)
	feed(o, []byte("GET /v1.41/containers/x/json HTTP/1.1\r\n\r\n"),
		fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(inspect), inspect))
	_, ex := feed(o, []byte("POST /v1.41/containers/"+id+"/attach HTTP/1.1\r\nUpgrade: tcp\r\n\r\n"),
		[]byte("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n\x01\x00\x00\x00\x00\x00\x00\x01a"))
	if u := ex[0].Upgrade; u == nil || u.Reason != "sniffed" {
		t.Errorf("got %+v; want it sniffed, not remembered", u)
	}
}
