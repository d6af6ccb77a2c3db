package otlp

import (
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	metricspb "go.opentelemetry.io/proto/slim/otlp/metrics/v1"

	"github.com/socktrace/socktrace/wire"
)

// ended returns an exchange that took so long.
func ended(method, operation, target string, status int, took time.Duration) *wire.Exchange {
	x := &wire.Exchange{Meta: wire.Meta{Exchange: 1, Start: t0, End: t0.Add(took)}}
	x.Request = &wire.Request{Method: method, Target: target, Call: wire.Call{Operation: operation}}
	if status != 0 {
		x.Response = &wire.Response{Status: status}
	}
	return x
}

func decodeMetrics(t testing.TB, messages [][]byte) map[string]pmetric.Metric {
	t.Helper()
	var items []byte
	for _, m := range messages {
		items = appendItem(items, m)
	}
	b := testFrame.request(items)
	known(t, b, &metricspb.MetricsData{})
	r := pmetricotlp.NewExportRequest()
	if err := r.UnmarshalProto(b); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]pmetric.Metric)
	ms := r.Metrics().ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics()
	for i := range ms.Len() {
		all[ms.At(i).Name()] = ms.At(i)
	}
	return all
}

// TestMeter counts exchanges and connections, and tells them in both forms.
func TestMeter(t *testing.T) {
	var sent [][]byte
	m := NewMeter(t0, func(b []byte) { sent = append(sent, b) }, func() int64 { return 4 })
	a, b := &wire.Conn{}, &wire.Conn{}
	for _, ev := range []wire.Event{
		&wire.Open{Meta: wire.Meta{Conn: a}}, &wire.Open{Meta: wire.Meta{Conn: b}},
		&wire.Open{Meta: wire.Meta{Conn: &wire.Conn{Parent: wire.Parent{Conn: a}}}},
		ended("GET", "ContainerInspect", "/v1.41/containers/a/json", 200, 5*time.Millisecond),
		ended("GET", "ContainerInspect", "/containers/b/json", 200, 5*time.Millisecond+1),
		ended("GET", "ContainerInspect", "/containers/b/json", 200, time.Minute),
		ended("GET", "ContainerInspect", "/containers/b/json", 404, -time.Minute),
		ended("GET", "ContainerInspect", "/containers/b/json", 500, 0),
		ended("BREW", "", "/x", 0, 0),
		&wire.Request{Meta: wire.Meta{Conn: a, Exchange: 1}, Method: "GET"}, &wire.Exchange{Meta: wire.Meta{Conn: a, Exchange: 1}, Request: &wire.Request{Method: "GET"}, Response: &wire.Response{Status: 200}},
		&wire.TLS{Meta: wire.Meta{Conn: b}},
		&wire.Request{Meta: wire.Meta{Conn: b, Exchange: 1}, Method: "BREW"},
		&wire.Request{Meta: wire.Meta{Conn: a, Exchange: 2}, Method: "GET"}, &wire.Request{Meta: wire.Meta{Conn: a, Exchange: 3}, Method: "GET"},
		&wire.Request{Meta: wire.Meta{Conn: a, Exchange: 4}, Method: "PUT"}, &wire.Exchange{Meta: wire.Meta{Conn: a, Exchange: 4}, Request: &wire.Request{Method: "PUT"}, Response: &wire.Response{Status: 200}},
		&wire.Close{Meta: wire.Meta{Conn: a}, Bytes: [2]int64{10, 20}},
	} {
		if err := m.Event(ev, nil); err != nil {
			t.Fatal(err)
		}
	}
	m.Send(t0.Add(time.Second))
	all := decodeMetrics(t, sent)
	equal(t, "metrics", len(all), 6)
	h := all["http.server.request.duration"].Histogram()
	equal(t, "unit", all["http.server.request.duration"].Unit(), "s")
	equal(t, "temporality", h.AggregationTemporality(), pmetric.AggregationTemporalityCumulative)
	equal(t, "kinds", h.DataPoints().Len(), 6)
	for i := range h.DataPoints().Len() {
		p := h.DataPoints().At(i)
		equal(t, "scheme", text(p.Attributes(), "url.scheme"), "http")
		switch text(p.Attributes(), "http.response.status_code") + text(p.Attributes(), "http.route") {
		case "200":
			equal(t, "count", p.Count(), 1)
		case "200/containers/{id}/json":
			equal(t, "count", p.Count(), 3)
			equal(t, "route", text(p.Attributes(), "http.route"), "/containers/{id}/json")
			equal(t, "buckets", fmt.Sprint(p.BucketCounts().AsRaw()), "[1 1 0 0 0 0 0 0 0 0 0 0 0 0 1]")
			equal(t, "bounds", p.ExplicitBounds().Len(), len(bounds))
			equal(t, "bound", p.ExplicitBounds().At(1), 0.01)
			if math.Abs(p.Sum()-60.01) > 0.001 {
				t.Errorf("sum %v", p.Sum())
			}
		case "404/containers/{id}/json":
			_, has := p.Attributes().Get("error.type") // it is the client's
			equal(t, "error", has, false)
		case "500/containers/{id}/json":
			equal(t, "error", text(p.Attributes(), "error.type"), "500")
		default:
			equal(t, "method", text(p.Attributes(), "http.request.method"), "_OTHER")
			_, has := p.Attributes().Get("http.route")
			equal(t, "route", has, false)
			equal(t, "error", text(p.Attributes(), "error.type"), "no_response")
		}
		equal(t, "time", p.Timestamp().AsTime(), t0.Add(time.Second))
		equal(t, "start", p.StartTimestamp().AsTime(), t0)
	}
	for name, want := range map[string]int64{"socktrace.connections.open": 1, "socktrace.connections": 2, "socktrace.network.io": 10, "socktrace.export.lost": 4} {
		equal(t, name, all[name].Sum().DataPoints().At(0).IntValue(), want)
		equal(t, name, all[name].Sum().IsMonotonic(), name != "socktrace.connections.open")
	}

	active := all["http.server.active_requests"].Sum()
	equal(t, "active grows", active.IsMonotonic(), false)
	equal(t, "active kinds", active.DataPoints().Len(), 3)
	equal(t, "active", active.DataPoints().At(0).IntValue(), 2)
	equal(t, "active no more", active.DataPoints().At(1).IntValue(), 0)
	equal(t, "active method", text(active.DataPoints().At(2).Attributes(), "http.request.method"), "_OTHER")
	equal(t, "active scheme", text(active.DataPoints().At(2).Attributes(), "url.scheme"), "https")

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go m.Serve(l)
	defer l.Close()
	r, err := http.Get("http://" + l.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(r.Body)
	r.Body.Close()
	equal(t, "type", r.Header.Get("Content-Type"), exposition)
	for _, line := range []string{
		`http_server_request_duration_seconds_bucket{http_request_method="GET",url_scheme="http",http_route="/containers/{id}/json",http_response_status_code="200",le="0.005"} 1`,
		`http_server_request_duration_seconds_bucket{http_request_method="GET",url_scheme="http",http_route="/containers/{id}/json",http_response_status_code="200",le="10"} 2`,
		`http_server_request_duration_seconds_bucket{http_request_method="GET",url_scheme="http",http_route="/containers/{id}/json",http_response_status_code="200",le="+Inf"} 3`,
		`http_server_request_duration_seconds_count{http_request_method="GET",url_scheme="http",http_route="/containers/{id}/json",http_response_status_code="200"} 3`,
		"# TYPE http_server_request_duration_seconds histogram",
		`http_server_active_requests{http_request_method="GET",url_scheme="http"} 2`,
		`http_server_active_requests{http_request_method="_OTHER",url_scheme="https"} 1`,
		"socktrace_connections_open 1", "socktrace_connections_total 2",
		`socktrace_network_io_bytes_total{network_io_direction="transmit"} 20`, "socktrace_export_lost_total 4",
	} {
		if !strings.Contains("\n"+string(body), "\n"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, body)
		}
	}
}

// TestMeterBound: what is over the bound is one kind.
func TestMeterBound(t *testing.T) {
	m := NewMeter(t0, nil, nil)
	for i := range maxSeries + 100 {
		_ = m.Event(ended("GET", "", "/x", i+1, 0), nil)
	}
	f := m.figures()
	equal(t, "kinds", len(f.kinds), maxSeries+1)
	for _, k := range f.kinds {
		if k.other {
			equal(t, "others", k.count, 100)
		}
	}
	if !strings.Contains(f.text(), `_count{otel_metric_overflow="true"} 100`) {
		t.Error("the others are not told")
	}
	m.Send(t0)
}
