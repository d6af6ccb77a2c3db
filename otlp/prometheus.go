package otlp

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/netutil"
)

// exposition is the content type of the text form of Prometheus ("Exposition formats").
const exposition = "text/plain; version=0.0.4; charset=utf-8"

// text returns what was counted in the text form of Prometheus. Names are those of the
// OpenTelemetry compatibility rules: with units, and _total for what grows.
func (f *figures) text() string {
	var b strings.Builder
	family := func(name, typ, help string) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, typ)
	}
	const name = "http_server_request_duration_seconds"
	family(name, "histogram", durationHelp)
	for _, d := range f.kinds {
		labels := d.labels()
		var n uint64
		for i, count := range d.buckets {
			le := "+Inf"
			if i < len(bounds) {
				le = strconv.FormatFloat(bounds[i], 'g', -1, 64)
			}
			n += count
			fmt.Fprintf(&b, "%s_bucket{%s,le=\"%s\"} %d\n", name, labels, le, n)
		}
		fmt.Fprintf(&b, "%s_sum{%s} %s\n%s_count{%s} %d\n", name, labels, strconv.FormatFloat(d.sum, 'g', -1, 64), name, labels, d.count)
	}
	family("http_server_active_requests", "gauge", activeHelp)
	for _, a := range f.active {
		fmt.Fprintf(&b, "http_server_active_requests{http_request_method=\"%s\",url_scheme=\"%s\"} %d\n", a.method, a.scheme, a.n)
	}
	family("socktrace_connections_open", "gauge", openHelp)
	fmt.Fprintf(&b, "socktrace_connections_open %d\n", f.open)
	family("socktrace_connections_total", "counter", connsHelp)
	fmt.Fprintf(&b, "socktrace_connections_total %d\n", f.conns)
	family("socktrace_network_io_bytes_total", "counter", ioHelp)
	for dir, which := range [...]string{"receive", "transmit"} {
		fmt.Fprintf(&b, "socktrace_network_io_bytes_total{network_io_direction=\"%s\"} %d\n", which, f.bytes[dir])
	}
	family("socktrace_export_lost_total", "counter", lostHelp)
	fmt.Fprintf(&b, "socktrace_export_lost_total %d\n", f.lost)
	return b.String()
}

// labels returns what tells a kind apart; what is empty is not there. None of it needs to be escaped: it is of tables.
func (k *kind) labels() string {
	if k.other {
		return `otel_metric_overflow="true"`
	}
	status := ""
	if k.status != 0 {
		status = strconv.Itoa(k.status)
	}
	var all []string
	for _, l := range [...][2]string{
		{"http_request_method", k.method}, {"url_scheme", k.scheme}, {"http_route", k.route}, {"http_response_status_code", status}, {"error_type", k.failure},
	} {
		if l[1] != "" {
			all = append(all, l[0]+`="`+l[1]+`"`)
		}
	}
	return strings.Join(all, ",")
}

// maxScrapers bounds the connections of those who ask at once.
const maxScrapers = 16

// Serve answers GET /metrics on l until that is closed.
func (m *Meter) Serve(l net.Listener) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", exposition)
		f := m.figures()
		_, _ = w.Write([]byte(f.text())) // who asks may have gone
	})
	s := &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	_ = s.Serve(netutil.LimitListener(l, maxScrapers)) // it says that l is closed
}
