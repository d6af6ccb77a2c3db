package render

import (
	"github.com/socktrace/socktrace/internal/about"
	"github.com/socktrace/socktrace/wire"
)

// exchange writes everything that is known of a finished exchange.
func (o *object) exchange(ev *wire.Exchange) {
	if r := ev.Request; r != nil {
		o.requestLine(r)
	}
	if r := ev.Response; r != nil {
		o.Int("status", int64(r.Status))
		o.Optional("reason", r.Reason)
	}
	if r := ev.Request; r != nil {
		o.Optional("operation", r.Call.Operation)
	}
	o.Word("state", ev.State.String())
	about.Write(&o.Writer, ev)
	o.timing(ev)
	if ev.Conn != nil {
		o.peer("client", ev.Conn.Client)
	}
	if r := ev.Request; r != nil {
		o.Open("request", '{')
		o.head(r.Fields, r.HeadBytes)
		o.payload(ev.RequestBody)
		o.Close('}')
	} else {
		o.headless("request", ev.RequestBody)
	}
	o.interim(ev.Interim)
	if r := ev.Response; r != nil {
		o.Open("response", '{')
		o.Optional("version", r.Version)
		o.head(r.Fields, r.HeadBytes)
		o.payload(ev.ResponseBody)
		o.Close('}')
	} else {
		o.headless("response", ev.ResponseBody)
	}
	if u := ev.Upgrade; u != nil {
		o.String("upgrade", u.Protocol)
		if u.Content != wire.KindNone {
			o.Word("upgrade_content", u.Content.String())
		}
		o.Optional("upgrade_reason", u.Reason)
	}
	o.streams(&ev.Streams)
	o.anomalies(ev.Anomalies)
	if r := ev.Reset; r != nil {
		o.Open("reset", '{')
		o.Word("dir", r.Dir.String())
		o.Int("code", int64(r.Code))
		o.Close('}')
	}
	o.said(ev.Said)
	o.Strings("masked", ev.Masked)
}

// timing writes when the exchange began and how long it took, in milliseconds: by the
// clock that the times are of, so that who reads them comes to the same.
func (o *object) timing(ev *wire.Exchange) {
	if ev.Start.IsZero() {
		return
	}
	o.time("start", ev.Start)
	if !ev.FirstByte.IsZero() {
		o.Millis("ttfb_ms", ev.FirstByte.Round(0).Sub(ev.Start.Round(0)))
	}
	if !ev.End.IsZero() {
		o.Millis("duration_ms", ev.End.Round(0).Sub(ev.Start.Round(0)))
	}
}

// headless writes a body whose head was not seen, as a stream of HTTP/2 has in a
// capture that began late.
func (o *object) headless(key string, b *wire.Body) {
	if b == nil {
		return
	}
	o.Open(key, '{')
	o.payload(b)
	o.Close('}')
}

// payload writes a body with its bytes, if any of them were kept.
func (o *object) payload(b *wire.Body) {
	if b == nil {
		return
	}
	o.body(b)
	if b.Bytes > 0 && !b.Truncated || len(b.Data) > 0 {
		o.data(&bodyKeys, b.Data, b.Truncated)
	}
}

// interim writes the 1xx responses before the final one.
func (o *object) interim(responses []*wire.Response) {
	if len(responses) == 0 {
		return
	}
	o.Open("interim", '[')
	for _, r := range responses {
		o.Open("", '{')
		o.statusLine(r)
		o.head(r.Fields, r.HeadBytes)
		o.Close('}')
	}
	o.Close(']')
}

// streams writes what went through each stream, by kind.
func (o *object) streams(stats *[wire.KindCount]wire.StreamStat) {
	opened := false
	for k, s := range stats {
		if s.Frames == 0 {
			continue
		}
		if !opened {
			o.Open("streams", '{')
			opened = true
		}
		o.Open(wire.Kind(k).String(), '{')
		o.Int("frames", s.Frames)
		o.Int("bytes", s.Bytes)
		o.Close('}')
	}
	if opened {
		o.Close('}')
	}
}

// anomalies writes which rules the exchange broke.
func (o *object) anomalies(list []*wire.Anomaly) {
	if len(list) == 0 {
		return
	}
	o.Open("anomalies", '[')
	for _, a := range list {
		o.Open("", '{')
		o.Word("dir", a.Dir.String())
		o.anomaly(a)
		o.Close('}')
	}
	o.Close(']')
}
