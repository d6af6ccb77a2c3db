package render

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// exchange writes everything that is known of a finished exchange.
func (o *object) exchange(ev *wire.Exchange) {
	if r := ev.Request; r != nil {
		o.requestLine(r)
	}
	if r := ev.Response; r != nil {
		o.int("status", int64(r.Status))
		o.optional("reason", r.Reason)
	}
	if r := ev.Request; r != nil {
		o.optional("operation", r.Operation)
	}
	o.string("state", ev.State.String())
	o.timing(ev)
	if ev.Conn != nil {
		o.peer("client", ev.Conn.Client)
	}
	if r := ev.Request; r != nil {
		o.open("request", '{')
		o.head(r.Fields, r.HeadBytes)
		o.payload(ev.RequestBody)
		o.close('}')
	}
	o.interim(ev.Interim)
	if r := ev.Response; r != nil {
		o.open("response", '{')
		o.optional("version", r.Version)
		o.head(r.Fields, r.HeadBytes)
		o.payload(ev.ResponseBody)
		o.close('}')
	}
	if u := ev.Upgrade; u != nil {
		o.string("upgrade", u.Protocol)
		if u.Content != wire.ContentNone {
			o.string("upgrade_content", u.Content.String())
		}
		o.optional("upgrade_reason", u.Reason)
	}
	o.streams(&ev.Streams)
	o.anomalies(ev.Anomalies)
	o.strings("masked", ev.Masked)
}

// timing writes when the exchange began and how long it took, in milliseconds.
func (o *object) timing(ev *wire.Exchange) {
	if ev.Start.IsZero() {
		return
	}
	o.time("start", ev.Start)
	if !ev.FirstByte.IsZero() {
		o.millis("ttfb_ms", ev.FirstByte.Sub(ev.Start))
	}
	if !ev.End.IsZero() {
		o.millis("duration_ms", ev.End.Sub(ev.Start))
	}
}

// millis writes a duration to the nanosecond.
func (o *object) millis(key string, d time.Duration) {
	o.float(key, float64(d)/float64(time.Millisecond))
}

// payload writes a body with its bytes, if any of them were kept.
func (o *object) payload(b *wire.Body) {
	if b == nil {
		return
	}
	o.body(b)
	if b.Bytes > 0 && !b.Truncated || len(b.Data) > 0 {
		o.data("body", "body_base64", b.Data, b.Truncated)
	}
}

// interim writes the 1xx responses before the final one.
func (o *object) interim(responses []*wire.Response) {
	if len(responses) == 0 {
		return
	}
	o.open("interim", '[')
	for _, r := range responses {
		o.open("", '{')
		o.statusLine(r)
		o.head(r.Fields, r.HeadBytes)
		o.close('}')
	}
	o.close(']')
}

// streams writes what went through each stream, by kind.
func (o *object) streams(stats *[wire.KindCount]wire.StreamStat) {
	opened := false
	for k, s := range stats {
		if s.Frames == 0 {
			continue
		}
		if !opened {
			o.open("streams", '{')
			opened = true
		}
		o.open(wire.Kind(k).String(), '{')
		o.int("frames", s.Frames)
		o.int("bytes", s.Bytes)
		o.close('}')
	}
	if opened {
		o.close('}')
	}
}

// anomalies writes which rules the exchange broke.
func (o *object) anomalies(list []*wire.Anomaly) {
	if len(list) == 0 {
		return
	}
	o.open("anomalies", '[')
	for _, a := range list {
		o.open("", '{')
		o.string("dir", a.Dir.String())
		o.anomaly(a)
		o.close('}')
	}
	o.close(']')
}
