package har_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// exchangeEvents returns the events of a small exchange, as a decoder sends
// them.
func exchangeEvents(c *wire.Conn, n int) []wire.Event {
	start := c.Start.Add(time.Duration(n) * time.Millisecond)
	meta := func(dir wire.Dir, off int64, after time.Duration) wire.Meta {
		at := start.Add(after)
		return wire.Meta{Conn: c, Exchange: n, Dir: dir, Off: off, Start: at, End: at}
	}
	field := func(name, value string) wire.Field {
		return wire.Field{Name: name, Value: value, Line: name + ": " + value}
	}
	q := &wire.Request{
		Meta: meta(wire.ToServer, 0, 0), Method: "POST", Target: "/v1.41/containers/create?name=web", Version: "HTTP/1.1",
		Fields: []wire.Field{field("Host", "api.moby.localhost"), field("User-Agent", "Docker-Client/28.2.2 (linux)"),
			field("Content-Length", "48"), field("Content-Type", "application/json")},
		HeadBytes: 190, Call: wire.Call{Operation: "ContainerCreate", Version: "1.41"},
	}
	qb := &wire.Body{Meta: meta(wire.ToServer, 190, 0), Content: wire.KindJSON, WireBytes: 48, Bytes: 48,
		Data: []byte(`{"Image":"busybox","Cmd":["echo","hello world"]}`), Complete: true}
	p := &wire.Response{
		Meta: meta(wire.ToClient, 0, 5*time.Millisecond), Version: "HTTP/1.1", Status: 201, Reason: "Created",
		Fields: []wire.Field{field("Api-Version", "1.41"), field("Content-Type", "application/json"),
			field("Docker-Experimental", "false"), field("Ostype", "linux"), field("Server", "Docker/20.10.24 (linux)"),
			field("Date", "Fri, 02 Jan 2026 03:04:05 GMT"), field("Content-Length", "88")},
		HeadBytes: 220,
	}
	pb := &wire.Body{Meta: meta(wire.ToClient, 220, 5*time.Millisecond), Content: wire.KindJSON, WireBytes: 88, Bytes: 88,
		Data: []byte(`{"Id":"8dfafdbc3a40b1f0d6e0c1a7b7b6f8f3b5d3a1c2e4f60718293a4b5c6d7e8f90","Warnings":[]}` + "\n\n"), Complete: true}
	x := &wire.Exchange{
		Meta:    wire.Meta{Conn: c, Exchange: n, Start: start, End: start.Add(5 * time.Millisecond)},
		Request: q, RequestBody: qb, Response: p, ResponseBody: pb, FirstByte: p.Start,
	}
	doc := func(b *wire.Body) *wire.Message {
		return &wire.Message{Meta: b.Meta, Kind: wire.KindJSON, Data: b.Data, Size: int64(len(b.Data))}
	}
	return []wire.Event{q, doc(qb), qb, p, doc(pb), pb, x}
}

func dockerConn(id int) *wire.Conn {
	return &wire.Conn{ID: id, Start: t0, Client: wire.Peer{Process: &wire.Process{PID: 4710 + id, UID: 1000, Name: "docker"}},
		Server: wire.Peer{Addr: "unix:///var/run/docker.sock"}}
}

// BenchmarkExchange records an exchange of 2 kB: in a file that is valid at every moment, in
// one that is so when it is closed (late), and for nobody. Expect 0 allocs/op, and about as
// much time for writing to the first as for making what is written; to the second, a third.
func BenchmarkExchange(b *testing.B) {
	for _, late := range []bool{false, true} {
		for _, name := range []string{"session.har", "session.har.gz"} {
			b.Run(map[bool]string{true: "late/"}[late]+name, func(b *testing.B) {
				w, err := har.Create(tempName(b, name), har.Options{Late: late})
				if err != nil {
					b.Fatal(err)
				}
				benchmark(b, w)
			})
		}
	}
	b.Run("discard", func(b *testing.B) { benchmark(b, har.NewWriter(io.Discard, har.Options{})) })
}

// benchmark records one exchange again and again.
func benchmark(b *testing.B, w *har.Writer) {
	evs := exchangeEvents(dockerConn(1), 1)
	b.SetBytes(int64(len(record(b, evs, har.Options{}))))
	b.ReportAllocs()
	n := 0
	x := evs[len(evs)-1].(*wire.Exchange)
	for b.Loop() {
		n++
		x.Exchange = n
		for _, ev := range evs {
			ev.EventMeta().Exchange = n
			if err := w.Event(ev, x); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.StopTimer()
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkRead(b *testing.B) {
	var evs []wire.Event
	for i := range 1000 {
		evs = append(evs, exchangeEvents(dockerConn(1), i+1)...)
	}
	doc := record(b, evs, har.Options{})
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := har.Read(bytes.NewReader(doc), func(wire.Event) {}); err != nil {
			b.Fatal(err)
		}
	}
}
