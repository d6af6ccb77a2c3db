package render

import (
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestSum: an exchange ends with what the lines before do not tell, or with nothing.
func TestSum(t *testing.T) {
	exit := func(n int64) *int64 { return &n }
	for _, c := range []struct {
		name string
		edit func(x *wire.Exchange)
		want string
	}{
		{"nothing new", func(x *wire.Exchange) {}, ""},
		{"just in time", func(x *wire.Exchange) { x.End = at(101.999) }, ""},
		{"late", func(x *wire.Exchange) { x.End = at(102) }, "= 102.0 ms\n"},
		{"late, and nobody knows since when", func(x *wire.Exchange) { x.End, x.FirstByte = at(102), time.Time{} }, ""},
		{"late, as the last record told", func(x *wire.Exchange) { x.End, x.Messages[1] = at(102), 1 }, ""},
		{"late, behind a document", func(x *wire.Exchange) {
			x.End, x.Messages[1], x.Response.Fields = at(102), 1, fields(length)
		}, "= 102.0 ms\n"},
		{"streams", func(x *wire.Exchange) {
			x.Streams[wire.KindStdout] = wire.StreamStat{Frames: 2, Bytes: 3}
			x.Streams[wire.KindStderr] = wire.StreamStat{Frames: 1}
		}, "= 5.00 ms · stdout 3 B · stderr 0 B\n"},
		{"records", func(x *wire.Exchange) {
			x.Messages[1], x.ResponseBody = 8, &wire.Body{Content: wire.KindJSON, Complete: true}
		}, "= 5.00 ms · 8 messages\n"},
		{"one record", func(x *wire.Exchange) {
			x.Messages[1], x.ResponseBody = 1, &wire.Body{Content: wire.KindJSON, Complete: true}
		}, ""},
		{"pieces of text", func(x *wire.Exchange) {
			x.Messages[1], x.ResponseBody = 8, &wire.Body{Content: wire.KindText, Complete: true}
		}, ""},
		{"exit", func(x *wire.Exchange) { x.Outcome.Exit = exit(3) }, "= 5.00 ms · exit 3\n"},
		{"exit in order", func(x *wire.Exchange) { x.Outcome.Exit = exit(0) }, "= 5.00 ms · exit 0\n"},
		{"left", func(x *wire.Exchange) { x.Outcome.Left, x.State, x.End = true, wire.StateAborted, at(4900) }, "= client left after 4.900 s\n"},
		{"left behind records", func(x *wire.Exchange) {
			x.Outcome.Left, x.State, x.Messages[1], x.ResponseBody = true, wire.StateAborted, 2, &wire.Body{Content: wire.KindJSON, Complete: true}
		}, "= client left after 5.00 ms · 2 messages\n"},
		{"broken off", func(x *wire.Exchange) { x.State = wire.StateAborted }, "= 5.00 ms · aborted\n"},
		{"broken off within bodies", func(x *wire.Exchange) {
			x.State, x.RequestBody, x.ResponseBody = wire.StateAborted, &wire.Body{WireBytes: 3}, &wire.Body{WireBytes: 45}
		}, "= 5.00 ms · aborted · request incomplete, ended after 3 B · answer incomplete, ended after 45 B\n"},
		{"left within a body", func(x *wire.Exchange) {
			x.Outcome.Left, x.State, x.ResponseBody = true, wire.StateAborted, &wire.Body{WireBytes: 45}
		}, "= client left after 5.00 ms\n"},
		{"anomalies", func(x *wire.Exchange) { x.Anomalies = make([]*wire.Anomaly, 2) }, "= 5.00 ms · 2 anomalies\n"},
		{"anomaly", func(x *wire.Exchange) { x.Anomalies = make([]*wire.Anomaly, 1) }, "= 5.00 ms · 1 anomaly\n"},
		{"no answer", func(x *wire.Exchange) { x.Response, x.State = nil, wire.StateOpen }, "= 5.00 ms · no response · open\n"},
		{"masked", func(x *wire.Exchange) { x.Masked = []string{"a", "b\x1b"} }, "= 5.00 ms · masked a, b\\e\n"},
		{"an error within a stream", func(x *wire.Exchange) { x.Outcome.Error = "no space" }, "= failed after 5.00 ms · no space\n"},
		{"an error about an id", func(x *wire.Exchange) { x.Outcome.Error = "no " + id }, "= failed after 5.00 ms · no 289e72570a23…\n"},
		{"an error, whose reader left", func(x *wire.Exchange) {
			x.Outcome, x.State, x.ResponseBody = wire.Outcome{Error: "no space", Left: true}, wire.StateAborted, &wire.Body{WireBytes: 45}
		}, "= failed after 5.00 ms · no space\n"},
		{"an error, behind which it broke off", func(x *wire.Exchange) {
			x.Outcome.Error, x.State = "no space", wire.StateAborted
		}, "= failed after 5.00 ms · no space · aborted\n"},
		{"an error, and nobody knows since when", func(x *wire.Exchange) { x.Outcome.Error, x.Start = "no space", time.Time{} }, "= no space\n"},
		{"an error that the status told", func(x *wire.Exchange) { x.Outcome.Error, x.Response.Status = "no", 400 }, ""},
		{"an error below that", func(x *wire.Exchange) { x.Outcome.Error, x.Response.Status = "no", 399 }, "= failed after 5.00 ms · no\n"},
		{"masked, and no later than its first byte", func(x *wire.Exchange) { x.Masked, x.FirstByte = []string{"a"}, at(4.75) }, "= masked a\n"},
		{"masked, and a little later", func(x *wire.Exchange) { x.Masked, x.FirstByte = []string{"a"}, at(4.749) }, "= 5.00 ms · masked a\n"},
		{"no answer, and no first byte", func(x *wire.Exchange) { x.Response, x.FirstByte = nil, time.Time{} }, "= 5.00 ms · no response\n"},
		{"no first byte", func(x *wire.Exchange) { x.Masked, x.FirstByte = []string{"a"}, time.Time{} }, "= 5.00 ms · masked a\n"},
		{"nobody knows when it began", func(x *wire.Exchange) { x.Start, x.Outcome.Exit = time.Time{}, exit(1) }, "= exit 1\n"},
		{"nobody knows when it ended", func(x *wire.Exchange) { x.End, x.Outcome.Exit = time.Time{}, exit(1) }, "= exit 1\n"},
		{"not seen from the start", func(x *wire.Exchange) { x.Request, x.State = nil, wire.StatePartial }, "= partial\n"},
	} {
		m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 2, Start: at(0), End: at(5)}
		x := &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m}, Response: &wire.Response{Meta: m, Status: 200}, FirstByte: at(2)}
		c.edit(x)
		text := NewText(nil, Options{Heads: HeadsShort}).(*shortText)
		text.begin(0)
		text.sum(x)
		if got := strings.TrimPrefix(string(text.out), "1.2    "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestLeft: a client that left is told once, by its exchange; a connection that
// broke off otherwise is told.
func TestLeft(t *testing.T) {
	s := answers()
	s.response(1, 200, "OK", length)
	s.done(5).Outcome.Left = true
	s.shut(6, "client: broken pipe")
	s.open(2, 7)
	s.shut(8, "connection reset by peer")
	want := "> GET /x\n< 200 OK · 1.00 ms\n= client left after 5.00 ms\n* closed: connection reset by peer\n"
	if got := briefOf(t, Options{}, s.events...); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestErrorOnce: why a stream failed is told once, by the last line.
func TestErrorOnce(t *testing.T) {
	const why = "The command 'x' returned 7"
	for _, c := range []struct {
		name   string
		bodies Bodies
		record string
		shown  bool
	}{
		{"as the daemon says it", BodiesShort, `{"errorDetail":{"code":7,"message":"` + why + `"},"error":"` + why + `"}` + "\r\n", false},
		{"without a code", BodiesShort, `{"error":"` + why + `","progressDetail":{}}`, false},
		{"with more", BodiesShort, `{"error":"` + why + `","id":"a3ed95caeb02"}`, true},
		{"a code alone", BodiesShort, `{"code":7}`, true},
		{"something else", BodiesShort, `{"error":"x"}`, true},
		{"nothing", BodiesShort, `{}`, true},
		{"bodies in full", BodiesFull, `{"error":"` + why + `"}`, true},
	} {
		for first := range 2 {
			s := answers()
			s.response(1, 200, "OK", "Transfer-Encoding: chunked")
			for range first {
				s.message(2, wire.ToClient, wire.KindJSON, `{"stream":"Step 1"}`)
			}
			s.message(3, wire.ToClient, wire.KindJSON, c.record)
			s.sum.Outcome.Error = why
			x := s.done(4)
			var out strings.Builder
			sink := NewText(&out, Options{Heads: HeadsShort, Bodies: c.bodies})
			for _, ev := range s.events {
				if err := sink.Event(ev, x); err != nil {
					t.Fatal(err)
				}
			}
			if got := out.String(); strings.Contains(got, "+3.00 ms") != c.shown || !strings.Contains(got, "< 200 OK · 1.00 ms\n") || !strings.HasSuffix(got, "= failed after 4.00 ms · "+why+"\n") {
				t.Errorf("%s, behind %d: got\n%s", c.name, first, got)
			}
		}
	}
}
