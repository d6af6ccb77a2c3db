package decode_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/textproto"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// maxFuzz keeps a fuzzer's executions short.
const maxFuzz = 4 << 10

// FuzzConn cuts both directions of a connection in different ways: the events
// must be the same.
func FuzzConn(f *testing.F) {
	for _, s := range sessions(f) {
		for _, c := range s.Conns {
			f.Add(c.Bytes(wire.ToServer), c.Bytes(wire.ToClient), uint16(7))
		}
	}
	f.Fuzz(func(t *testing.T, up, down []byte, seed uint16) {
		if len(up) > maxFuzz || len(down) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		cutsAgree(t, up, down, int(seed))
	})
}

// FuzzParts is FuzzConn with connections that are put together from what messages
// consist of: the fuzzer chooses, and so it comes to odd ones faster.
func FuzzParts(f *testing.F) {
	f.Add([]byte{0, 7, 12, 38}, []byte{0, 15, 14, 27}, uint16(3))
	f.Add([]byte{37, 37, 37}, []byte{0, 20, 11, 5, 35}, uint16(0))
	f.Fuzz(func(t *testing.T, up, down []byte, seed uint16) {
		if len(up) > maxParts || len(down) > maxParts {
			t.Skip("too long to be worth a try")
		}
		cutsAgree(t, join(up, partsUp), join(down, partsDown), int(seed))
	})
}

// maxParts keeps FuzzParts' executions short.
const maxParts = 40

func join(choice []byte, parts []string) (b []byte) {
	for _, c := range choice {
		b = append(b, parts[int(c)%len(parts)]...)
	}
	return b
}

// What clients and servers send, in parts.
var (
	partsUp = []string{
		"GET", "POST", "T", "CONNECT", " ", "  ", "\t", "/", "/containers/x/attach?stream=1", "*", "h", "a:1",
		" HTTP/1.1\r\n", " HTTP/1.1\n", " HTTP/1.0\r\n", " HTTP/2.0\r\n", "\r\n", "\n", "\r", "\r\n\r\n",
		"Content-Length: 3\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Upgrade: tcp\r\nConnection: Upgrade\r\n",
		"Expect: 100-continue\r\n", "Content-Type: application/json\r\n", "Host: x\r\n", "X:",
		"3\r\nabc\r\n", "0\r\n\r\n", "0\r\n", "abc", "\x80", "\x00", `{"a":1}`, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"GET /\r\n", "GET / HTTP/1.1\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n", "POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
	}
	partsDown = []string{
		"HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 No Content\r\n", "HTTP/1.1 101 UPGRADED\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.0 400 Bad\r\n",
		"HTTP/", "HTTP/1.", "1 ", "200", " OK", "ICY 200 OK\r\n", "\r\n", "\n", "\r", "\r\n\r\n", "Content-Length: 3\r\n",
		"Content-Length: 0\r\n\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Upgrade: tcp\r\nConnection: Upgrade\r\n",
		"Content-Encoding: gzip\r\n", "Content-Type: application/json\r\n", "Content-Type: text/event-stream\r\n", "Connection: close\r\n", "X:",
		"3\r\nabc\r\n", "0\r\n\r\n", "0\r\n", "abc", "\x80", "\x00", `{"a":1}`, "\x01\x00\x00\x00\x00\x00\x00\x03abc", "<html>", "\t", "H",
		"data: 1\n\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
		"HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\n", "http/1.1 200 ok\r\n\r\n",
	}
)

// cutsAgree decodes a connection whole and byte by byte, and compares the events.
func cutsAgree(t *testing.T, up, down []byte, seed int) {
	c := interleave(up, down, seed)
	whole := events(t, c, func(b []byte) int { return len(b) })
	bytewise := events(t, c, func([]byte) int { return 1 })
	if whole != bytewise {
		a, b := strings.Split(whole, "\n"), strings.Split(bytewise, "\n")
		i := 0
		for i < min(len(a), len(b))-1 && a[i] == b[i] {
			i++
		}
		t.Errorf("up %q\ndown %q\nwhole:        %s\nbyte by byte: %s", up, down, a[i], b[i])
	}
}

// interleave makes a connection that sends up and down in turns.
func interleave(up, down []byte, seed int) *transcript.Conn {
	c := &transcript.Conn{}
	at := time.Duration(0)
	for len(up)+len(down) > 0 {
		for dir, b := range []*[]byte{&up, &down} {
			n := min(len(*b), 1+seed%97)
			seed = seed*5 + 3
			if seed < 0 {
				seed = 1
			}
			if n > 0 {
				at += time.Millisecond
				c.Chunks = append(c.Chunks, transcript.Chunk{At: at, Dir: wire.Dir(dir), Data: (*b)[:n]})
				*b = (*b)[n:]
			}
		}
	}
	return c
}

// events plays c, every chunk in pieces of the size that cut says.
func events(t *testing.T, c *transcript.Conn, cut func([]byte) int) string {
	conn := c.Wire(1, t0)
	var evs []wire.Event
	d := decode.New(conn, all(), func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) })
	for _, ch := range c.Chunks {
		for b := ch.Data; len(b) > 0; {
			n := cut(b)
			piece := bytes.Clone(b[:n])
			d.Chunk(wire.Chunk{Conn: conn, Time: t0.Add(ch.At), Dir: ch.Dir, Data: piece})
			for i := range piece {
				piece[i] = '!'
			}
			b = b[n:]
		}
	}
	d.End(t0.Add(time.Hour), nil)
	if p := tracetest.Panicked(evs); p != "" {
		t.Errorf("the decoder panics: %s", p)
	}
	return tracetest.DumpAll(tracetest.Merge(evs))
}

// FuzzJSONStream compares the borders of values with those of encoding/json.
func FuzzJSONStream(f *testing.F) {
	for _, s := range []string{`{"a":1}{"b":[1,2,"]"]}`, "1 2 \"x\"\n[]", `{"a":"\"}"}` + "\r\n" + `true`, `[[[{}]]]`, `"\\"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		var want []string
		var before int64 // where the value before ended
		dec := json.NewDecoder(bytes.NewReader(b))
		for {
			var v json.RawMessage
			err := dec.Decode(&v)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Skip("not a stream of valid JSON")
			}
			end := dec.InputOffset()
			if n := len(want); n > 0 && end-int64(len(v)) == before && isScalar(v) && isScalar(json.RawMessage(want[n-1])) {
				t.Skip("encoding/json takes 00 for two numbers; we for one that is malformed")
			}
			before = end
			want = append(want, string(v))
		}
		var got []string
		conn := &wire.Conn{ID: 1, Start: t0}
		d := decode.New(conn, all(), func(ev wire.Event) {
			if m, ok := ev.(*wire.Message); ok {
				got = append(got, string(m.Data))
			}
		})
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToServer, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient, EOF: true, Data: append([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"), b...)})
		if len(got) != len(want) {
			t.Fatalf("%q: got %q; want %q", b, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: value %d: got %q; want %q", b, i, got[i], want[i])
			}
		}
	})
}

func isScalar(v json.RawMessage) bool { return !bytes.ContainsRune([]byte(`{["`), rune(v[0])) }

// knownDifferent says where this package and net/http differ on purpose, and
// why. Each function reports whether b is such a case.
var knownDifferent = []struct {
	why string
	is  func(b []byte) bool
}{
	{"net/http takes any version HTTP/x.y for HTTP/1; we only HTTP/1.x, since other versions look different", func(b []byte) bool {
		line, _, _ := bytes.Cut(b, []byte("\n"))
		return bytes.Contains(line, []byte("HTTP/")) && !bytes.Contains(line, []byte("HTTP/1."))
	}},
	{"net/http splits a request line at the first two spaces; we at the first and the last", func(b []byte) bool {
		line, _, _ := bytes.Cut(b, []byte("\n"))
		return bytes.Count(line, []byte(" ")) > 2
	}},
	{"net/http takes methods of any length; we only those that one can believe in", func(b []byte) bool {
		method, _, _ := bytes.Cut(bytes.TrimLeft(b, "\r\n"), []byte(" "))
		return len(method) > 31
	}},
	{"net/http adds a blank for a line that goes on with nothing", func(b []byte) bool {
		return regexp.MustCompile(`\n[ \t]+\r?\n`).Match(b)
	}},
	{"net/http lets CONNECT have an empty target", func(b []byte) bool {
		return bytes.HasPrefix(bytes.TrimLeft(b, "\r\n"), []byte("CONNECT  "))
	}},
	{"net/http takes names with inner spaces as they are", func(b []byte) bool {
		return bytes.Contains(b, []byte(" :")) || bytes.Contains(b, []byte("\t:"))
	}},
	{"net/http treats a lone CR at a line's end differently", func(b []byte) bool {
		return bytes.Contains(b, []byte("\r\r"))
	}},
	{"net/http lets a request with chunked in HTTP/1.0 have no body", func(b []byte) bool {
		return bytes.Contains(b, []byte("HTTP/1.0"))
	}},
	{"net/http reads PRI as an HTTP/2 preface only in its server", func(b []byte) bool {
		return bytes.HasPrefix(b, []byte("PRI"))
	}},
	{"net/http trims every white space around values; we only spaces and tabs, as the RFC has it", func(b []byte) bool {
		return bytes.ContainsAny(b, "\v\f\x85\xa0")
	}},
}

// FuzzAgainstNetHTTP compares what net/http accepts as a request with what we
// make of it.
func FuzzAgainstNetHTTP(f *testing.F) {
	for _, s := range sessions(f) {
		for _, c := range s.Conns {
			f.Add(c.Bytes(wire.ToServer))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			t.Skip("net/http refuses it")
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Skip("net/http refuses its body")
		}
		for _, k := range knownDifferent {
			if k.is(b) {
				t.Skip(k.why)
			}
		}
		var got *wire.Request
		var gotBody []byte
		var trailer []wire.Field
		conn := &wire.Conn{ID: 1, Start: t0}
		d := decode.New(conn, all(), func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Request:
				if ev.EventMeta().Exchange == 1 {
					got = ev
				}
			case *wire.Body:
				if ev.EventMeta().Exchange == 1 {
					gotBody, trailer = ev.Data, ev.Trailer
				}
			}
		})
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToServer, Data: bytes.Clone(b), EOF: true})
		if got == nil {
			t.Fatalf("no request in %q", b)
		}
		if got.Method != req.Method || got.Target != req.RequestURI || got.Version != req.Proto {
			t.Errorf("%q: got %s %s %s; want %s %s %s", b, got.Method, got.Target, got.Version, req.Method, req.RequestURI, req.Proto)
		}
		sameFields(t, b, got.Fields, req.Header, "Host", "Transfer-Encoding", "Content-Length", "Trailer", "Connection")
		sameFields(t, b, trailer, req.Trailer)
		if !bytes.Equal(gotBody, body) {
			t.Errorf("%q: got body %q; want %q", b, gotBody, body)
		}
	})
}

// sameFields checks that fields and want agree, but for the names that net/http
// takes out of its header.
func sameFields(t *testing.T, b []byte, fields []wire.Field, want http.Header, taken ...string) {
	t.Helper()
	got := http.Header{}
	for _, f := range fields {
		name := textproto.CanonicalMIMEHeaderKey(f.Name)
		got[name] = append(got[name], f.Value)
	}
	for _, name := range taken {
		delete(got, name)
		delete(want, name)
	}
	for name, values := range want {
		if len(values) != len(got[name]) {
			t.Errorf("%q: field %s: got %q; want %q", b, name, got[name], values)
			continue
		}
		for i := range values {
			if values[i] != got[name][i] {
				t.Errorf("%q: field %s: got %q; want %q", b, name, got[name][i], values[i])
			}
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok && name != "" {
			t.Errorf("%q: net/http has no field %q", b, name)
		}
	}
}
