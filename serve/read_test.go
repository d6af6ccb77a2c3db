package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// recorded is a recording of docker run.
const recorded = "../servetest/testdata/session.har"

// foreign is a HAR file as other programs write it: no times within entries, no connections, and
// statuses that are none.
const foreign = `{"log":{"version":"1.2","creator":{"name":"proxy","version":"1"},"entries":[
{"startedDateTime":"2026-01-01T00:00:00Z","time":5,"request":{"method":"GET","url":"http://d/v1.41/info","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":-1},
 "response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"Content-Type","value":"application/json"},{"name":"X odd","value":"a"},{"name":"X-Lines","value":"a\r\nb"}],"cookies":[],"content":{"size":8,"mimeType":"application/json","text":"{\"a\":1}\n"},"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"send":0,"wait":1,"receive":1}},
{"startedDateTime":"2026-01-01T00:00:01Z","time":5,"request":{"method":"GET","url":"http://d/v1.41/version","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":-1},
 "response":{"status":999,"statusText":"","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":0,"mimeType":""},"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"send":0,"wait":1,"receive":1}}
]}}`

// TestRead reads files of several forms, as one.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	whole, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(whole); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	var warned []string
	o := ReadOptions{Warn: func(err error) { warned = append(warned, err.Error()) }}
	s, err := Read(context.Background(), []string{recorded, write("foreign.har", foreign), write("again.har.gz", packed.String())}, o)
	if err != nil || s.Exchanges() != 11 || s.Skipped().Status != 1 {
		t.Fatalf("%v, %+v", err, s)
	}
	for i, e := range s.exchanges { // the files in the order in which they are named
		if e.file != min(i/5, 1)+min(i/6, 1) || i > 0 && e.asked < s.exchanges[i-1].asked {
			t.Errorf("exchange %d is of file %d, at %v", i, e.file, e.asked)
		}
	}
	d := serving(t, s, Options{Speed: Max, Strict: true})
	status, fields, body := d.askFields("GET /v1.24/info")
	if status != 200 || body != "{\"a\":1}\n" || strings.Contains(fields.Get("X-Lines"), "\n") {
		t.Errorf("%d %q %v", status, body, fields)
	}
	if s, err = Read(context.Background(), []string{write("cut.har", string(whole[:len(whole)-700]))}, o); err != nil || s.Exchanges() == 0 || len(warned) != 1 || !strings.Contains(warned[0], "cut short") {
		t.Errorf("cut: %v, warned %q", err, warned)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err = Read(ctx, []string{recorded}, o); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// capture returns a capture of a transcript, with a key log inside if there is one.
func capture(t *testing.T, conns []*transcript.Conn, keys []byte) string {
	t.Helper()
	var b bytes.Buffer
	w, err := pcap.NewWriter(&b, pcap.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) > 0 {
		w.KeyLog(keys)
	}
	for i, c := range conns {
		conn := c.Wire(i+1, time.Unix(1000, 0))
		c.Play(conn, w.Tap(conn))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "session.pcapng")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestKeysInside: a capture with its key log inside is served as any other; without there is
// nothing to be served.
func TestKeysInside(t *testing.T) {
	keys, err := os.ReadFile("../decode/testdata/tls.keys")
	if err != nil {
		t.Fatal(err)
	}
	conns := tracetest.Load(t, "../decode/testdata/transcripts/tls13.txt")[0].Conns
	if _, err := Read(context.Background(), []string{capture(t, conns, nil)}, ReadOptions{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("without keys: %v", err)
	}
	s, err := Read(context.Background(), []string{capture(t, conns, keys)}, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _ := serving(t, s, Options{Speed: Max}).askFields("GET /v1.41/info"); status != 200 {
		t.Errorf("GET /info: %d", status)
	}
}

// TestGap: what is missing in a capture is told; what came whole is served.
func TestGap(t *testing.T) {
	session, err := transcript.Parse("gap", []byte(exchangeText("GET /a", "200 {}")+strings.Replace(exchangeText("GET /b", "200 {}"), "close", "< lost 7\nclose", 1)))
	if err != nil {
		t.Fatal(err)
	}
	file := capture(t, session.Conns, nil)
	var warned []string
	s, err := Read(context.Background(), []string{file}, ReadOptions{Warn: func(err error) { warned = append(warned, err.Error()) }})
	if err != nil {
		t.Fatal(err)
	}
	if want := file + ": 1 gap with 7 bytes missing"; !slices.Equal(warned, []string{want}) {
		t.Errorf("warned %q, want %q", warned, want)
	}
	serving(t, s, Options{Speed: Max}).check("GET /a", "200 {}")
}

// TestCodingOfOthers: HAR of browsers names the coding that an answer had, and has its text
// without it. What is still coded is said to be so.
func TestCodingOfOthers(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("plain")); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for _, a := range []struct{ coding, content, sent, body string }{
		{"gzip", `"text":"plain"`, "", "plain"},
		{"br", `"text":"plain"`, "", "plain"},
		{"gzip", `"encoding":"base64","text":"` + base64.StdEncoding.EncodeToString(packed.Bytes()) + `"`, "gzip", packed.String()},
		{"zstd", `"encoding":"base64","text":"KLUv/SQFKQAAcGxhaW4="`, "zstd", "\x28\xb5\x2f\xfd\x24\x05\x29\x00\x00plain"},
	} {
		file := filepath.Join(t.TempDir(), "web.har")
		har := `{"log":{"version":"1.2","creator":{"name":"web","version":"1"},"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","time":1,
"request":{"method":"GET","url":"http://d/a","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"queryString":[],"headersSize":-1,"bodySize":0},
"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"Content-Encoding","value":"` + a.coding + `"}],"cookies":[],"content":{"size":5,"mimeType":"text/plain",` + a.content + `},"redirectURL":"","headersSize":-1,"bodySize":-1},
"cache":{},"timings":{"send":0,"wait":1,"receive":0}}]}}`
		if err := os.WriteFile(file, []byte(har), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Read(context.Background(), []string{file}, ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d := serving(t, s, Options{Speed: Max})
		d.client.Transport.(*http.Transport).DisableCompression = true
		if _, fields, body := d.askFields("GET /a"); fields.Get("Content-Encoding") != a.sent || body != a.body {
			t.Errorf("%s, %s: %q, %q", a.coding, a.content, fields.Get("Content-Encoding"), body)
		}
	}
}

// TestMaskedAlready: what a recording has masked is not told as masked now.
func TestMaskedAlready(t *testing.T) {
	s, err := Read(context.Background(), []string{recorded}, ReadOptions{})
	if err != nil || len(s.Masked()) != 0 {
		t.Errorf("%v, %v", err, s.Masked())
	}
}

// TestTooLarge: what cannot be held is an error, and reading ends there.
func TestTooLarge(t *testing.T) {
	stopped := 0
	c := newCollector(func() { stopped++ })
	c.hold(maxBytes)
	if c.failed != nil {
		t.Error("too early")
	}
	m := &wire.Message{Meta: wire.Meta{Conn: new(wire.Conn), Exchange: 1}, Data: []byte("x")}
	for range 2 {
		if err := c.Event(m, nil); !errors.Is(err, ErrTooLarge) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := c.finish(); !errors.Is(err, ErrTooLarge) || stopped != 1 {
		t.Errorf("%v, stopped %d times", err, stopped)
	}
}

// TestHeld counts what is kept once: what an exchange has said is in its answer when it ends, and
// nowhere when it is not served.
func TestHeld(t *testing.T) {
	const size = 10_000
	data := []byte(strings.Repeat("x", size))
	for _, a := range []struct {
		request     *wire.Request
		least, most int
	}{{nil, 0, 0}, {&wire.Request{Method: "GET", Target: "/x"}, size, size + 1000}} {
		c, m := newCollector(func() {}), wire.Meta{Conn: new(wire.Conn), Exchange: 1, Dir: wire.ToClient}
		said := &wire.Message{Meta: m, Kind: wire.KindText, Data: data, Size: size}
		if err := c.Event(said, nil); err != nil || c.held < size {
			t.Fatalf("%d bytes, %v", c.held, err)
		}
		x := &wire.Exchange{Meta: m, Request: a.request, Response: &wire.Response{Status: 200}, ResponseBody: &wire.Body{Data: data, Bytes: size, Complete: true}}
		if err := c.Event(x, nil); err != nil || c.held < a.least || c.held > a.most {
			t.Errorf("%d bytes, want %d to %d, %v", c.held, a.least, a.most, err)
		}
	}
}

// TestBodies: what is compared of requests is bounded, by itself and all together; all of it is
// read.
func TestBodies(t *testing.T) {
	all := memory.New(comparedAll)
	for _, c := range []struct {
		kind string
		size int
		kept bool
	}{{"application/json", 100, true}, {"application/json", maxCompared, true}, {"application/json", maxCompared + 5000, false}, {"application/x-tar", 100, false}} {
		body := strings.NewReader(strings.Repeat(" ", c.size))
		r, err := http.NewRequest("POST", "/x", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", c.kind)
		held := memory.Of(all)
		b, kept, err := readBody(r, &held)
		if err != nil || kept != c.kept || kept && len(b) != c.size || body.Len() != 0 {
			t.Errorf("%+v: kept %v of %d, %v, left %d", c, kept, len(b), err, body.Len())
		}
		held.Close()
	}
	if all.Left() != comparedAll {
		t.Errorf("%d bytes are still held", comparedAll-all.Left())
	}
	held := memory.Of(memory.New(1000))
	r, _ := http.NewRequest("POST", "/x", strings.NewReader(strings.Repeat(" ", 5000)))
	if _, _, err := readBody(r, &held); !errors.Is(err, errBusy) {
		t.Errorf("without memory: %v", err)
	}
}

// TestPieces: a body is cut where its messages end, to the byte; where these are not found in
// it, the rest comes at its end.
func TestPieces(t *testing.T) {
	at := func(n int) wire.Meta { return wire.Meta{End: epoch.Add(clockOf(n))} }
	json := func(n int, text string) *wire.Message {
		return &wire.Message{Meta: at(n), Kind: wire.KindJSON, Data: []byte(text), Size: int64(len(text))}
	}
	for name, c := range map[string]struct {
		body string
		said []*wire.Message
		want []string
	}{
		"documents": {"{\"a\":1}\r\n{\"b\":2}\r\n", []*wire.Message{json(1, `{"a":1}`), json(2, `{"b":2}`)}, []string{"{\"a\":1}\r\n", "{\"b\":2}\r\n"}},
		"frames": {frame(1, "one") + frame(2, "two"), []*wire.Message{{Meta: at(1), Kind: wire.KindStdout, Data: []byte("one")}, {Meta: at(2), Kind: wire.KindStderr, Data: []byte("two")}},
			[]string{frame(1, "one"), frame(2, "two")}},
		"a frame in two": {frame(1, "onetwo"), []*wire.Message{{Meta: at(1), Kind: wire.KindStdout, Data: []byte("one")}, {Meta: at(2), Kind: wire.KindStdout, Data: []byte("two")}},
			[]string{frame(1, "onetwo")[:11], "two"}},
		"text":      {"abcdef", []*wire.Message{{Meta: at(1), Kind: wire.KindText, Data: []byte("abc")}}, []string{"abc", "def"}},
		"otherwise": {"abcdef", []*wire.Message{{Meta: at(1), Kind: wire.KindText, Data: []byte("xyz")}}, []string{"abcdef"}},
		"nothing":   {"", nil, nil},
	} {
		b := &wire.Body{Meta: at(9), Data: []byte(c.body), Bytes: int64(len(c.body))}
		parts, lacks := cutBody(b, c.said)
		var got []string
		for _, p := range parts {
			got = append(got, string(p.data))
		}
		if lacks != "" || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q (%s)", name, got, c.want, lacks)
		}
	}
	cut := &wire.Body{Truncated: true, Bytes: 100, Data: []byte("{")}
	if parts, lacks := cutBody(cut, []*wire.Message{json(1, `{"a":1}`)}); len(parts) != 1 || string(parts[0].data) != "{\"a\":1}\r\n" || lacks != "" {
		t.Errorf("of messages: %v %s", parts, lacks)
	}
	for _, b := range []*wire.Body{{Truncated: true, Bytes: 100}, {Truncated: true, Bytes: 100, Masked: []string{"response.body"}}} {
		if _, lacks := cutBody(b, nil); lacks != map[bool]string{true: isMasked, false: notKept}[len(b.Masked) > 0] {
			t.Errorf("%+v: %q", b, lacks)
		}
	}
	short := json(1, `{"a":`)
	short.Truncated = true
	if _, lacks := cutBody(cut, []*wire.Message{short}); lacks != notKept {
		t.Errorf("a cut document: %q", lacks)
	}
}
