package har_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestTorn checks that every entry before the place where a file ends is read,
// and that the rest is accounted for.
func TestTorn(t *testing.T) {
	var evs []wire.Event
	for i := range 3 {
		evs = append(evs, exchangeEvents(dockerConn(1), i+1)...)
	}
	doc := record(t, evs, har.Options{})
	ends := []int{} // of the entries
	for i := 0; ; {
		n := bytes.Index(doc[i:], []byte("}},\n"))
		if n < 0 {
			break
		}
		i += n + 2
		ends = append(ends, i)
	}
	last := bytes.LastIndex(doc, []byte("}}\n],"))
	ends = append(ends, last+2)
	if len(ends) != 3 {
		t.Fatalf("entries end at %v", ends)
	}
	whole := len(bytes.TrimRight(doc, "\n"))
	for cut := bytes.Index(doc, []byte("[")); cut < whole; cut += stride() {
		got, repairs := readRepaired(t, doc[:cut])
		want := 0
		for _, end := range ends {
			if cut >= end {
				want++
			}
		}
		if n := len(exchanges(got)); n != want {
			t.Fatalf("cut at %d: %d exchanges, want %d", cut, n, want)
		}
		if len(repairs) != 1 || !strings.Contains(repairs[0], fmt.Sprintf("entries read: %d,", want)) {
			t.Fatalf("cut at %d: repairs %q", cut, repairs)
		}
		wellFormed(t, got)
		// What a kernel leaves of half a write: spaces behind it.
		if n := len(exchanges(first(readRepaired(t, append(bytes.Clone(doc[:cut]), "    "...))))); n != want {
			t.Fatalf("cut at %d before spaces: %d exchanges, want %d", cut, n, want)
		}
	}
}

// stride is the distance of the places where a test cuts a file.
func stride() int {
	if testing.Short() {
		return 17
	}
	return 1
}

func first[A, B any](a A, _ B) A { return a }

// TestTornGzip checks the same for a compressed file, which may lose what was
// not flushed.
func TestTornGzip(t *testing.T) {
	w, file := create(t, "session.har.gz", har.Options{})
	for i := range 5 {
		send(t, w, exchangeEvents(dockerConn(1), i+1))
	}
	b := readFile(t, file)
	last := 0
	for cut := 11; cut < len(b)-8; cut += stride() {
		z, err := gzip.NewReader(bytes.NewReader(b[:cut]))
		if err != nil {
			t.Fatal(err)
		}
		evs, repairs, err := readFrom(z)
		n := len(exchanges(evs))
		if n < last || !errors.Is(err, io.ErrUnexpectedEOF) && n > 0 || err == nil || len(repairs) > 0 {
			t.Fatalf("cut at %d: %d exchanges after %d, %v, repairs %q", cut, n, last, err, repairs)
		}
		last = n
	}
	if last != 5 {
		t.Errorf("%d exchanges at the end", last)
	}
}

func readAll(b []byte) (evs []wire.Event, repairs []string, err error) {
	return readFrom(bytes.NewReader(b))
}

func readFrom(r io.Reader) (evs []wire.Event, repairs []string, err error) {
	repairs, err = har.Read(r, tracetest.Booked(func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) }))
	return evs, repairs, err
}

func TestNotHAR(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "it is empty",
		" \n":                               "it is empty",
		"[1]":                               "it is a JSON array",
		"\n\r\r\nabc":                       `it begins with "abc"`,
		"\x0a\x0d\x0d\x0a\x01":              `it begins with "\x01"`,
		"\x4d\x3c\xb2\xa1":                  `it begins with "M<\xb2\xa1"`,
		`{"resourceLogs":[]}`:               `an object with "resourceLogs" instead of a log`,
		`{}`:                                "it has no log",
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n": `it begins with "GET / HTTP/1.1\r\n"`,
	} {
		_, err := har.Read(strings.NewReader(in), func(ev wire.Event) { t.Errorf("%q: %s", in, tracetest.Dump(ev)) })
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "not a HAR file: ") {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
	broken := errors.New("broken disk")
	doc := record(t, exchangeEvents(dockerConn(1), 1), har.Options{})
	in := io.MultiReader(bytes.NewReader(doc[:len(doc)/2]), iotest.ErrReader(broken))
	if _, err := har.Read(in, func(wire.Event) {}); !errors.Is(err, broken) || err.Error() != "har: broken disk" {
		t.Errorf("a failing reader: %v", err)
	}
}

// TestRepairs checks what else may be wrong with a file.
func TestRepairs(t *testing.T) {
	const entry = `{"startedDateTime":"2026-01-02T03:04:05Z","request":{"method":"GET","url":"http://x/"}}`
	for in, want := range map[string]string{
		`{"log":{"entries":[5,` + entry + `]}}`:       "entries that are no object, left out: 1 (first in entry 1)",
		`{"log":{"entries":[` + entry + `,{}]}}`:      "entries without a request, left out: 1 (first in entry 2)",
		`{"log":{"entries":[` + entry + `]}}]}}`:      "3 bytes behind the document",
		`{"log":{"entries":[` + entry + `,{"a":tru`:   "entries read: 1, bytes left out: 9",
		`{"log":{"entries":[` + entry + `],"pages":[`: "entries read: 1,",
	} {
		evs, repairs := readRepaired(t, []byte(in))
		if len(exchanges(evs)) != 1 || len(repairs) != 1 || !strings.Contains(repairs[0], want) {
			t.Errorf("%s: %d exchanges, repairs %q, want %s", in, len(exchanges(evs)), repairs, want)
		}
	}
}

// foreignFile has entries as other programs write them.
const foreignFile = `{"log":{"pages":[],"entries":[
{"startedDateTime":"2026-01-02T03:04:05.5+01:00","connection":"443","serverIPAddress":"[::1]","time":12.5,
 "request":{"method":"POST","url":"https://x.example:8443/a?b=c#d","httpVersion":"h2","headers":[{"name":":authority","value":"x.example"}],
  "postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a b","value":"&"}]},"headersSize":-1,"bodySize":7},
 "response":{"status":200,"statusText":"","httpVersion":"http/2.0","headers":[{"name":"content-type","value":"application/json"}],
  "content":{"size":14,"mimeType":"application/json","text":"{\"a\":1}{\"b\":2}"},"headersSize":-1,"bodySize":-1},
 "timings":{"blocked":2,"dns":-1,"connect":3,"ssl":1,"send":0.5,"wait":5,"receive":2}},
{"startedDateTime":"2026-01-02T03:04:06Z","connection":"443",
 "request":{"method":"GET","url":"wss://x.example/ws","headers":[]},
 "response":{"status":101,"headers":[{"name":"Upgrade","value":"WebSocket"}]},
 "_webSocketMessages":[{"type":"send","time":1767323046.25,"opcode":1,"data":"hi"},{"type":"receive","time":1767323046500,"opcode":2,"data":"AAE="}]},
{"startedDateTime":"2026-01-02T03:04:07Z","pageref":"p",
 "request":{"method":"PUT","url":"http://x.example","_content":{"text":"/w==","size":1,"encoding":"base64"},"bodySize":1},
 "response":{"status":0,"content":{}}},
{"startedDateTime":"2026-01-02T03:04:08Z","connection":5,
 "request":{"method":"CONNECT","url":"http://x.example:443/"},
 "response":{"status":200,"content":{"size":5000,"mimeType":"image/png","_file":"x.png"},"bodySize":5100}}
]}}`

// TestForeign checks what is made of files by other programs.
func TestForeign(t *testing.T) {
	evs := read(t, []byte(foreignFile))
	wellFormed(t, evs)
	x := exchanges(evs)
	if len(x) != 4 {
		t.Fatalf("%d exchanges", len(x))
	}
	start := time.Date(2026, 1, 2, 2, 4, 5, 5e8, time.UTC)
	a := x[0]
	if a.Conn.Server.Addr != "tcp://[::1]:8443" || !a.Start.Equal(start) || a.FirstByte.Sub(start) != 10500*time.Microsecond || a.End.Sub(start) != 12500*time.Microsecond {
		t.Errorf("%s %v", tracetest.Dump(a), a.Conn)
	}
	if a.Request.Target != "/a?b=c" || a.Request.Version != "HTTP/2.0" || string(a.RequestBody.Data) != "a+b=%26" || a.ResponseBody.Bytes != 14 {
		t.Error(tracetest.Dump(a))
	}
	if b := x[1]; b.Conn != a.Conn || b.Exchange != 2 || b.Upgrade == nil || b.Upgrade.Protocol != "websocket" || b.Streams[wire.KindWebSocket].Frames != 2 {
		t.Error(tracetest.Dump(b))
	}
	if c := x[2]; c.Conn == a.Conn || c.State != wire.StateAborted || c.Response != nil || c.Request.Target != "/" || string(c.RequestBody.Data) != "\xff" || c.RequestBody.Content != wire.KindBinary {
		t.Error(tracetest.Dump(c))
	}
	if d := x[3]; d.Request.Target != "x.example:443" || d.ResponseBody.Bytes != 5000 || !d.ResponseBody.Truncated || d.ResponseBody.WireBytes != 5100 {
		t.Error(tracetest.Dump(d))
	}
	var kinds []string
	for _, ev := range evs {
		if m, ok := ev.(*wire.Message); ok {
			kinds = append(kinds, fmt.Sprintf("%v %d %q %s", m.Kind, m.Opcode, m.Data, m.End.UTC().Format("05.000")))
		}
	}
	want := []string{`text 0 "a+b=%26" 05.505`, `json 0 "{\"a\":1}" 05.512`, `json 0 "{\"b\":2}" 05.512`, `websocket 1 "hi" 06.250`, `websocket 2 "\x00\x01" 06.500`}
	if strings.Join(kinds, "\n") != strings.Join(want, "\n") {
		t.Errorf("messages:\n%s", strings.Join(kinds, "\n"))
	}
}

// FuzzRead checks that whatever a file holds, Read tells a story in order, and
// that the story can be recorded.
func FuzzRead(f *testing.F) {
	f.Add([]byte(foreignFile))
	for _, s := range odd {
		f.Add([]byte(s))
	}
	for _, s := range sessions(f, 70) {
		if doc := record(f, s.events, har.Options{}); len(doc) < 8<<10 {
			f.Add(doc)
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if len(doc) > 16<<10 {
			return
		}
		evs, _, err := readAll(doc)
		if err != nil {
			return
		}
		wellFormed(t, evs)
		again := record(t, evs, har.Options{})
		if _, repairs, err := readAll(again); err != nil || len(repairs) > 0 {
			t.Errorf("%v, %q in the recording of the recording:\n%s", err, repairs, again)
		}
	})
}
