package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/otlp"
	"github.com/socktrace/socktrace/wire"
)

// otlpOptions say what is exported to an OpenTelemetry Collector, and where it is.
type otlpOptions struct {
	addr    string // empty: nothing is
	bodies  bool
	metrics bool
	audit   bool   // lines of an audit are
	join    string // one of otlp.Joins
	serve   string // where metrics are served; empty: nowhere
	spool   string // the folder of what a collector that is away cannot take; empty: there is none
	size    size   // of that
}

// defaultSpool is how much of the disk a spool has.
const defaultSpool = 256 << 20

// counts returns what metrics are for; empty if there are none.
func (o *otlpOptions) counts() string {
	if o.metrics {
		return "--otlp-metrics"
	}
	return o.serve
}

// otlpGrace is how long the end of the program waits for a collector.
const otlpGrace = 3 * time.Second

// otlpFlags adds the flags of the export.
func (o *options) otlpFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.otlp.addr, "otlp", "", "send each exchange as a span to the OpenTelemetry Collector at `URL`: http://127.0.0.1:4318, or unix:///path; env: to where OTEL_EXPORTER_OTLP_ENDPOINT says; see socktrace help otlp")
	f.BoolVar(&o.otlp.bodies, "otlp-bodies", false, "send what is in bodies and streams too, as log records")
	f.StringVar(&o.otlp.join, "otlp-join", "", "have spans below those of their own that clients name, `WHICH`: always, never, or auto: not those of docker compose and buildx, which may send none (default: auto)")
	f.BoolVar(&o.otlp.metrics, "otlp-metrics", false, "send metrics too: durations by operation and status, connections, bytes")
	f.StringVar(&o.otlp.serve, "metrics", "", "serve the same metrics to Prometheus, under /metrics at `ADDR`: tcp://127.0.0.1:9464 or unix:///path")
	f.StringVar(&o.otlp.spool, "otlp-spool", "", "keep what cannot be sent in the folder `DIR`, until the collector takes it, also after another start")
	f.Var(&o.otlp.size, "otlp-spool-size", "keep at most `SIZE` there; the oldest is left out then")
	_ = cmd.MarkFlagDirname("otlp-spool")
	complete(cmd, "otlp-spool-size")
	complete(cmd, "metrics", "tcp://127.0.0.1:9464")
	complete(cmd, "otlp-join", otlp.Joins()...)
	complete(cmd, "otlp", "http://127.0.0.1:4318", otlp.FromEnvironment)
}

// checkOTLP looks at the flags, without what the environment says.
func (o *options) checkOTLP() error {
	least := size(otlp.MinSpool)
	switch {
	case o.otlp.addr == "" && o.otlp.bodies:
		return errors.New("--otlp-bodies needs --otlp URL")
	case o.otlp.addr == "" && o.otlp.metrics:
		return errors.New("--otlp-metrics needs --otlp URL (--metrics ADDR serves them)")
	case o.otlp.addr == "" && o.otlp.join != "":
		return errors.New("--otlp-join needs --otlp URL")
	case o.otlp.join != "" && !slices.Contains(otlp.Joins(), o.otlp.join):
		return fmt.Errorf("--otlp-join %s: one of %s", o.otlp.join, strings.Join(otlp.Joins(), ", "))
	case o.otlp.addr == "" && o.otlp.audit:
		return errors.New("--otlp-audit needs --otlp URL")
	case o.otlp.addr == "" && o.otlp.spool != "":
		return errors.New("--otlp-spool needs --otlp URL")
	case o.otlp.spool == "" && o.otlp.size != defaultSpool:
		return errors.New("--otlp-spool-size needs --otlp-spool DIR")
	case o.otlp.size < otlp.MinSpool:
		return fmt.Errorf("--otlp-spool-size %s: less than %s", &o.otlp.size, &least)
	}
	if o.otlp.serve != "" {
		if a, err := intercept.ParseAddr(o.otlp.serve); err != nil || a.Network != "tcp" && a.Network != "unix" {
			return fmt.Errorf("--metrics %s: not an address such as tcp://127.0.0.1:9464 or unix:///path", o.otlp.serve)
		}
	}
	switch {
	case o.otlp.addr == "" || o.otlp.addr == otlp.FromEnvironment:
		return nil
	}
	_, err := otlp.Endpoints(o.otlp.addr, func(string) string { return "" })
	return err
}

// checkOTLPAt refuses to export to where clients are listened to.
func (o *options) checkOTLPAt(listen intercept.Addr, getenv func(string) string) error {
	if o.otlp.addr == "" {
		return nil
	}
	all, err := otlp.Endpoints(o.otlp.addr, getenv)
	if err != nil {
		return err
	}
	for _, e := range all {
		if at, err := intercept.ParseAddr(e.Address()); err == nil && at.Same(listen) {
			return fmt.Errorf("--otlp %s: clients are listened to there", e.Address())
		}
	}
	return nil
}

// exporterFor returns what exports, which is made once; nil if nothing is exported.
func (r *recorders) exporterFor(o *options, s std) (*otlp.Exporter, error) {
	if r.exporter != nil || o.otlp.addr == "" {
		return r.exporter, nil
	}
	endpoints, err := otlp.Endpoints(o.otlp.addr, s.getenv)
	if err != nil {
		return nil, err // it says where that comes from
	}
	host, _ := os.Hostname() // without one, it is not told
	resource, err := otlp.Resource(host, otlp.NewInstance(), versionString(), s.getenv)
	if err != nil {
		r.warn(err)
	}
	eo := otlp.Options{
		Endpoints: endpoints, Resource: resource, Version: versionString(), Logs: o.otlp.bodies || o.otlp.audit, Metrics: o.otlp.metrics,
		Memory: o.queueMemory(), Wait: r.unhurried, Warn: r.warn,
	}
	if o.otlp.spool != "" {
		if eo.Spool, err = otlp.OpenSpool(o.otlp.spool, int64(o.otlp.size), r.warn); err != nil {
			return nil, err
		}
	}
	r.exporter = otlp.NewExporter(eo)
	return r.exporter, nil
}

// openOTLP exports exchanges.
func (r *recorders) openOTLP(_ context.Context, o *options, s std) (recorder, error) {
	e, err := r.exporterFor(o, s)
	if err != nil {
		return recorder{}, err
	}
	join := otlp.Join(max(0, slices.Index(otlp.Joins(), o.otlp.join))) // the first is the default
	if join == otlp.JoinAuto && r.runs && exports(s.getenv) {
		join = otlp.JoinAlways
	}
	if r.runs {
		r.command = new(otlp.Run)
	}
	sink := otlp.NewSink(e, otlp.SinkOptions{Bodies: o.otlp.bodies, Join: join, Audit: r.trail, Run: r.command})
	outlet := r.book.Add(otlpName, sink, flow.Delivery{}) // the exporter has a queue of its own
	end := func() {
		_ = outlet.Close() // what it has not taken is counted
		e.Close(otlpGrace)
		if r.unhurried && e.Counts(otlp.Traces).Lost()+e.Counts(otlp.Logs).Lost() > 0 {
			r.failed(otlpName, nil)
		}
	}
	return recorder{close: end, after: true, own: e.Own, says: func() string { return otlpSays(e, &o.otlp) }, lacks: func() error { return otlpLacks(e, outlet) }}, nil
}

// exports reports whether clients with this environment, as a command has that we run, export
// their spans: those that do not by themselves ask for one of these.
func exports(getenv func(string) string) bool {
	if kind := getenv("OTEL_TRACES_EXPORTER"); kind != "" {
		return kind != "none"
	}
	return getenv("OTEL_EXPORTER_OTLP_ENDPOINT")+getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

// otlpName is what the export is called.
const otlpName = "otlp"

// otlpSays says what was sent, and what will be.
func otlpSays(e *otlp.Exporter, o *otlpOptions) string {
	spans, logs := e.Counts(otlp.Traces), e.Counts(otlp.Logs)
	says := "otlp: " + plural.Of(spans.Sent, "span")
	if o.bodies || o.audit || logs.Sent > 0 {
		says += ", " + plural.Of(logs.Sent, "log record")
	}
	says += " sent"
	if spans.Kept+logs.Kept > 0 {
		says += "; kept in " + o.spool + ": " + plural.Of(spans.Kept, "span")
		if logs.Kept > 0 {
			says += ", " + plural.Of(logs.Kept, "log record")
		}
	}
	return says
}

// otlpLacks says what was not; nil if all was.
func otlpLacks(e *otlp.Exporter, outlet *flow.Outlet) error {
	var parts []string
	add := func(n int64, what, became string) {
		if n > 0 {
			parts = append(parts, plural.Of(n, what)+" "+became)
		}
	}
	spans, logs := e.Counts(otlp.Traces), e.Counts(otlp.Logs)
	add(spans.Dropped, "span", "not sent")
	add(spans.Rejected, "span", "rejected")
	add(logs.Dropped, "log record", "not sent")
	add(logs.Rejected, "log record", "rejected")
	events, _ := outlet.Dropped()
	add(events, "event", "left out before")
	if parts == nil {
		return nil
	}
	return fmt.Errorf("otlp: %s", strings.Join(parts, ", "))
}

// nobody is a tap that sees nothing.
type nobody struct{}

func (nobody) Chunk(wire.Chunk)     {}
func (nobody) End(time.Time, error) {}
