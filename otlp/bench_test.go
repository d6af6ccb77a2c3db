package otlp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// BenchmarkExchange is what one exchange costs: the book alone, with its span, and with all
// of the export, which is its part of a batch, and the compression of that.
func BenchmarkExchange(b *testing.B) {
	c := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	b.Cleanup(c.Close)
	b.Run("book", func(b *testing.B) { benchmark(b, nothing{}) })
	b.Run("sink", func(b *testing.B) { benchmark(b, NewSink(discards{}, SinkOptions{})) })
	b.Run("export", func(b *testing.B) {
		e := exporterTo(b, c.URL, Options{Wait: true}, nil)
		benchmark(b, NewSink(e, SinkOptions{}))
		e.Close(long)
	})
}

type discards struct{}

func (discards) Span([]byte) {}
func (discards) Log([]byte)  {}

// nothing is a sink that does nothing.
type nothing struct{}

func (nothing) Needs() wire.Needs                      { return wire.Needs{} }
func (nothing) Event(wire.Event, *wire.Exchange) error { return nil }
func (nothing) Close() error                           { return nil }

func benchmark(b *testing.B, sink wire.Sink) {
	book := flow.New(flow.Options{Learn: subject.NewReader().Learn, Still: true})
	o := book.Add("the sink", sink, flow.Delivery{})
	conn := process(1, "docker")
	field := func(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }
	asks := []wire.Field{field("Host", "api.moby.localhost"), field("User-Agent", "Docker-Client/28.2.2 (linux)"), field("Content-Type", "application/json"), field("Content-Length", "48")}
	says := []wire.Field{field("Api-Version", "1.41"), field("Content-Type", "application/json"), field("Date", "Fri, 02 Jan 2026 03:04:05 GMT")}
	emit := book.Of(conn)
	emit(&wire.Open{Meta: wire.Meta{Conn: conn}})
	n, at := 0, t0
	b.ReportAllocs()
	for b.Loop() {
		n++
		at = at.Add(time.Millisecond)
		m := wire.Meta{Conn: conn, Exchange: n, Start: at, End: at}
		emit(&wire.Request{Meta: m, Method: "POST", Target: "/v1.41/containers/8dfafdbc3a40/start?x=1", Version: "HTTP/1.1", Fields: asks, Call: wire.Call{Operation: "ContainerStart", Version: "1.41"}})
		emit(&wire.Body{Meta: m, WireBytes: 48, Complete: true})
		m.Dir = wire.ToClient
		emit(&wire.Response{Meta: m, Version: "HTTP/1.1", Status: 200, Fields: says})
		emit(&wire.Body{Meta: m, WireBytes: 88, Complete: true})
		emit(&wire.End{Meta: m})
	}
	book.Close()
	_ = o.Close()
}
