package har

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// TestForget gives the memory of many messages back, and keeps that of few.
func TestForget(t *testing.T) {
	for n, keeps := range map[int]bool{maxOwn: true, maxOwn + 1: false} {
		var k messages
		k.data = make([]byte, 0, n)
		k.add(&wire.Message{Kind: wire.KindRaw, Data: make([]byte, n)})
		had := cap(k.data)
		k.forget()
		if kept := cap(k.data) == had && cap(k.records) > 0; kept != keeps || len(k.records) != 0 || len(k.data) != 0 {
			t.Errorf("%d bytes: kept %v", n, kept)
		}
	}
}

// TestLoneDocument does not count the only document of a direction, which is in
// the body; a second makes a stream of them.
func TestLoneDocument(t *testing.T) {
	var k messages
	add := func(d wire.Dir) int {
		k.add(&wire.Message{Meta: wire.Meta{Dir: d}, Kind: wire.KindJSON, Data: make([]byte, 1000)})
		return k.size()
	}
	for i, want := range []int{perRecord, 2 * perRecord, 3*perRecord + 2000, 4*perRecord + 4000, 5*perRecord + 5000} {
		if got := add([]wire.Dir{wire.ToServer, wire.ToClient, wire.ToClient, wire.ToServer, wire.ToClient}[i]); got != want {
			t.Errorf("%d documents: %d bytes, want %d", i+1, got, want)
		}
	}
	k.forget()
	if got := add(wire.ToClient); got != perRecord+1000 {
		t.Errorf("one more: %d bytes", got)
	}
}

// TestNames counts the names of messages, which may be long: once where those behind each
// other have the same, in the memory of the first.
func TestNames(t *testing.T) {
	var k messages
	for i, name := range []string{"ab", "ab", "abc", "ab", ""} {
		k.add(&wire.Message{Kind: wire.KindText, Name: strings.Clone(name)})
		if got, want := k.size()-perRecord*(i+1), []int{2, 2, 5, 7, 7}[i]; got != want || k.records[i].name != name {
			t.Errorf("message %d: %d bytes of names, want %d; it is called %q", i, got, want, k.records[i].name)
		}
	}
	if unsafe.StringData(k.records[0].name) != unsafe.StringData(k.records[1].name) {
		t.Error("the same name is there twice")
	}
	k.forget()
	if k.size() != 0 {
		t.Errorf("%d bytes when all is forgotten", k.size())
	}
}

// TestDocuments makes the messages of a body again, as a decoder tells them.
func TestDocuments(t *testing.T) {
	for _, c := range []struct {
		body wire.Body
		want string
	}{
		{wire.Body{Content: wire.KindText, Data: []byte("abc"), Bytes: 3, WireBytes: 3}, `text[0] "abc" 100 3 false`},
		{wire.Body{Content: wire.KindText, Data: []byte("abc"), Bytes: 9, WireBytes: 9, Truncated: true}, `text[0] "abc" 100 9 true`},
		{wire.Body{Content: wire.KindText, Data: []byte("\xff\xfeh\x00i\x00"), Bytes: 6, WireBytes: 6}, `text[0] "hi" 100 2 false`},
		{wire.Body{Content: wire.KindText}, ""},
		{wire.Body{Content: wire.KindBinary, Data: []byte("{}"), Bytes: 2}, ""},
		{wire.Body{Content: wire.KindJSON, Data: []byte(" {}\n[1] 2"), Bytes: 9, WireBytes: 9, Complete: true}, `json[0] "{}" 101 2 false; json[1] "[1]" 104 3 false; json[2] "2" 108 1 false`},
		{wire.Body{Content: wire.KindJSON, Data: []byte(" {}\n[1]"), Bytes: 7, WireBytes: 5, Complete: true}, `json[0] "{}" 100 2 false; json[1] "[1]" 100 3 false`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("{\"a\" \n"), Bytes: 6, WireBytes: 6, Complete: true}, `json[0] "{\"a\"" 100 4 false`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("{\"a\" "), Bytes: 50, WireBytes: 50, Truncated: true, Complete: true}, `json[0] "{\"a\"" 100 50 true`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("{} {\"a\""), Bytes: 50, WireBytes: 50, Truncated: true, Complete: true}, `json[0] "{}" 100 2 false; json[1] "{\"a\"" 103 47 true`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("{\"a\""), Bytes: 4, WireBytes: 4}, `json[0] "{\"a\"" 100 4 true`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("{} {\"a\""), Bytes: 7, WireBytes: 7, Complete: true}, `json[0] "{}" 100 2 false; text[1] "{\"a\"" 103 4 false`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("{} what"), Bytes: 50, WireBytes: 50, Complete: true, Truncated: true}, `json[0] "{}" 100 2 false; text[1] "what" 103 4 true`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("what"), Bytes: 4, WireBytes: 4, Complete: true}, `text[0] "what" 100 4 false`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("[}"), Bytes: 2, WireBytes: 2, Complete: true}, `json[0] "[}" 100 2 false`},
		{wire.Body{Content: wire.KindJSON, Data: []byte("1,2"), Bytes: 3, WireBytes: 3, Complete: true}, `json[0] "1" 100 1 false; text[1] ",2" 101 2 false`},
	} {
		c.body.Off = 100
		var got []string
		documents(&c.body, media.Type{}, func(m *wire.Message) {
			got = append(got, fmt.Sprintf("%v[%d] %q %d %d %v", m.Kind, m.Index, m.Data, m.Off, m.Size, m.Truncated))
		})
		if all := strings.Join(got, "; "); all != c.want {
			t.Errorf("%q: %s, want %s", c.body.Data, all, c.want)
		}
	}
}

// TestContentOf tells what a body of another program is by its type and bytes.
func TestContentOf(t *testing.T) {
	for _, c := range []struct {
		mime, data string
		want       wire.Kind
	}{
		{"application/json", "{}", wire.KindJSON},
		{"application/vnd.x+JSON; charset=utf-8", "{}", wire.KindJSON},
		{"application/jsonl", "{}", wire.KindJSON},
		{"application/json-seq", "{}", wire.KindJSON},
		{"application/vnd.docker.json-stream", "{}", wire.KindJSON},
		{"text/plain", "{}", wire.KindJSON},
		{"text/plain", "some {}", wire.KindText},
		{"", "", wire.KindText},
		{"application/json", "\xff", wire.KindBinary},
		{"text/plain", "\x00", wire.KindBinary},
		{"text/plain", "a\x00", wire.KindBinary},
	} {
		if got := contentOf(c.mime, []byte(c.data)); got != c.want {
			t.Errorf("%s %q: %v, want %v", c.mime, c.data, got, c.want)
		}
	}
}

// TestPlainVersion spells versions as HTTP/1 does.
func TestPlainVersion(t *testing.T) {
	for v, want := range map[string]string{"h2": "HTTP/2.0", "H2": "HTTP/2.0", "h3": "HTTP/3.0", "http/1.1": "HTTP/1.1", "HTTP/1.0": "HTTP/1.0", "unknown": "", "": "", "data": "", "1.1": ""} {
		if got := plainVersion(v); got != want {
			t.Errorf("%q: %q, want %q", v, got, want)
		}
	}
}

// TestPhases puts the moments of an exchange in order.
func TestPhases(t *testing.T) {
	for _, c := range []struct {
		timings   Timings
		time      float64
		sent, end float64 // milliseconds
	}{
		{Timings{Blocked: 1, DNS: 2, Connect: 4, Send: 8, Wait: 16, Receive: 32, SSL: 4}, 100, 15, 63},
		{Timings{Blocked: -1, DNS: -1, Connect: -1, Send: -1, Wait: -1, Receive: -1}, 100, 0, 100},
		{Timings{}, 0, 0, 0},
		{Timings{Send: 1e300, Wait: 5}, 7, 0, 5},
	} {
		e := &Entry{Timings: c.timings, Time: c.time}
		start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		m := phasesOf(e, start)
		if sent, end := m.sent.Sub(start).Seconds()*1000, m.end.Sub(start).Seconds()*1000; sent != c.sent || end != c.end {
			t.Errorf("%+v: sent after %v ms, ended after %v", c, sent, end)
		}
	}
}

// TestForeignServer tells the address of a server as far as the entry has it.
func TestForeignServer(t *testing.T) {
	for _, c := range []struct{ ip, port, url, want string }{
		{"10.0.0.1", "1", "http://x/", "tcp://10.0.0.1:1"},
		{"10.0.0.1", "0", "http://x/", "tcp://10.0.0.1:80"},
		{"10.0.0.1", "-5", "https://x/", "tcp://10.0.0.1:443"},
		{"[::1]", "", "https://x:8443/", "tcp://[::1]:8443"},
		{"::1", "", "ws://x/", "tcp://[::1]:80"},
		{"x.example", "", "http://x/", ""},
		{"", "80", "http://x/", ""},
	} {
		e := &Entry{ServerIPAddress: c.ip, Request: Request{URL: c.url}, Extra: Extra{}}
		if c.port != "" {
			e.Extra["_serverPort"] = json.RawMessage(c.port)
		}
		if got := foreignServer(e); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// TestPageTitles names clients.
func TestPageTitles(t *testing.T) {
	for want, c := range map[string]*wire.Conn{
		"docker (pid 5) via /s": {Client: wire.Peer{Process: &wire.Process{PID: 5, Name: "docker"}}, Server: wire.Peer{Addr: "unix:///s"}},
		"pid 5 via tcp://d:1":   {Client: wire.Peer{Process: &wire.Process{PID: 5}}, Server: wire.Peer{Addr: "tcp://d:1"}},
		"10.0.0.1":              {Client: wire.Peer{Addr: "tcp://10.0.0.1:5555"}},
		"::1":                   {Client: wire.Peer{Addr: "tcp://[::1]:5555"}},
		"odd":                   {Client: wire.Peer{Addr: "tcp://odd"}},
		"@abstract":             {Client: wire.Peer{Addr: "@abstract"}},
		"client":                {},
	} {
		if got := pageTitle(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestFreeID gives connections the numbers of the file, if those are numbers of
// connections that no other has.
func TestFreeID(t *testing.T) {
	k := newLinks()
	for _, c := range []struct {
		id    int
		given bool
		want  int
	}{{2, true, 2}, {2, true, 1}, {0, true, 3}, {-1, true, 4}, {9, false, 5}, {7, true, 7}, {0, false, 6}, {0, false, 8}, {6, true, 9}} {
		if got := k.freeID(c.id, c.given); got != c.want {
			t.Errorf("%d, given: %v: %d, want %d", c.id, c.given, got, c.want)
		}
	}
	k.opened = 20
	if got := k.freeID(0, false); got != 21 {
		t.Errorf("%d behind 20 others", got)
	}
}

// faultyFile is a file in memory of which one write fails, after its beginning.
type faultyFile struct {
	b      []byte
	room   int // bytes that are written before that
	closed bool
}

var errNoRoom = errors.New("no room")

func (f *faultyFile) WriteAt(b []byte, at int64) (int, error) {
	var err error
	if len(b) > f.room {
		b, err, f.room = b[:f.room], errNoRoom, 1<<30
	}
	f.room -= len(b)
	if grow := int(at) + len(b) - len(f.b); grow > 0 {
		f.b = append(f.b, make([]byte, grow)...)
	}
	return copy(f.b[at:], b), err
}

func (f *faultyFile) Truncate(n int64) error {
	f.b = f.b[:n]
	return nil
}

func (f *faultyFile) Close() error {
	f.closed = true
	return nil
}

// TestFailedWrite has a write fail at every byte: the file is a document again, of
// what was written before.
func TestFailedWrite(t *testing.T) {
	for _, long := range []int{0, pageSize} { // a long tail is kept away from the entries
		for room := 0; room < 900; room += 7 {
			f := &faultyFile{room: 1 << 20}
			p := &plainFile{f: f}
			entry := func(n int) []byte { return fmt.Appendf(nil, "%s\n{\"n\":%d}", strings.Repeat(",", min(n, 1)), n) }
			tail := func(n int) []byte { return fmt.Appendf(nil, "\n],\"p\":[%d,%q]}}\n", n, strings.Repeat("x", long)) }
			if err := p.extend([]byte(`{"log":{"entries":[`), tail(0), true); err != nil {
				t.Fatal(err)
			}
			written := 0
			f.room = room
			for n := range 200 {
				if err := p.extend(entry(n), tail(n/20), n%20 == 19); err != nil {
					break
				}
				written++
			}
			if room == 0 && written != 0 {
				t.Fatal("it did not fail")
			}
			var doc struct {
				Log struct{ Entries []struct{ N int } }
			}
			if err := json.Unmarshal(f.b, &doc); err != nil || len(doc.Log.Entries) != written {
				t.Fatalf("%d bytes: %v, %d of %d entries:\n%s", room, err, len(doc.Log.Entries), written, f.b)
			}
			if err := p.finish(tail(0)); err != nil || !f.closed || !json.Valid(f.b) {
				t.Fatalf("%d bytes: %v, closed %v:\n%s", room, err, f.closed, f.b)
			}
		}
	}
}

// TestPanickingOutput has an output fail that panics.
func TestPanickingOutput(t *testing.T) {
	w := NewWriter(panicking{}, Options{})
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "panic: odd") {
		t.Errorf("%v", err)
	}
}

type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("odd") }
