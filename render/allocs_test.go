package render

import (
	"io"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestAllocs has sinks show events of usual exchanges without making garbage: what they put together is in memory
// that they use again.
func TestAllocs(t *testing.T) {
	conn := &wire.Conn{ID: 1, Start: at(0), Client: wire.Peer{Addr: "c"}}
	meta := func(dir wire.Dir, ms float64) wire.Meta {
		return wire.Meta{Conn: conn, Exchange: 1, Dir: dir, Start: at(ms), End: at(ms)}
	}
	fields := []wire.Field{{Name: "Content-Type", Value: "application/json", Line: "Content-Type: application/json"}, {Name: "Content-Length", Value: "9", Line: "Content-Length: 9"}}
	doc := containers(3)
	request := &wire.Request{Meta: meta(wire.ToServer, 1), Method: "GET", Target: "/v1.41/containers/x/json", Version: "HTTP/1.1", Fields: fields, HeadBytes: 70, Call: wire.Call{Operation: "ContainerInspect", Subject: "x"}}
	response := &wire.Response{Meta: meta(wire.ToClient, 2), Version: "HTTP/1.1", Status: 200, Reason: "OK", Fields: fields, HeadBytes: 80}
	message := &wire.Message{Meta: meta(wire.ToClient, 3), Kind: wire.KindJSON, Data: doc, Size: int64(len(doc))}
	body := &wire.Body{Meta: meta(wire.ToClient, 3), Content: wire.KindJSON, WireBytes: int64(len(doc)), Bytes: int64(len(doc)), Data: doc, Complete: true}
	x := &wire.Exchange{Meta: meta(wire.ToServer, 1), Request: request, Response: response, ResponseBody: body, FirstByte: at(2), Messages: [2]int64{0, 1}, Subject: wire.Subject{Type: "container", ID: "x", Name: "web"}}
	x.End = at(3)
	events := []wire.Event{request, response, message, body, x}
	for name, sink := range map[string]wire.Sink{
		"jsonl":            NewJSONL(io.Discard, 1<<20, AllEvents),
		"jsonl, exchanges": NewJSONL(io.Discard, 1<<20, EventsNamed([]string{"exchange"})),
		"compact":          NewCompact(io.Discard, Options{Zone: time.UTC}),
		"text":             NewText(io.Discard, Options{Zone: time.UTC}),
		"text in colour":   NewText(io.Discard, Options{Zone: time.UTC, Color: true}),
	} {
		got := testing.AllocsPerRun(50, func() {
			for _, ev := range events {
				if err := sink.Event(ev, x); err != nil {
					t.Fatal(err)
				}
			}
		})
		if got > 0 {
			t.Errorf("%s: %.0f allocations an exchange", name, got)
		}
	}
}
