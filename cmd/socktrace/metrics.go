package main

import (
	"context"
	"fmt"
	"time"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/otlp"
)

// openMetrics counts, and has the figures exported, served, or both.
func (r *recorders) openMetrics(_ context.Context, o *options, s std) (recorder, error) {
	e, err := r.exporterFor(o, s)
	if err != nil {
		return recorder{}, err
	}
	var send func([]byte)
	lost := func() int64 { return 0 }
	if e != nil {
		lost = func() int64 { return e.Counts(otlp.Traces).Lost() + e.Counts(otlp.Logs).Lost() }
		if o.otlp.metrics {
			send = e.Metric
		}
	}
	m := otlp.NewMeter(time.Now(), send, lost)
	r.meter = m
	outlet := r.book.Add("metrics", m, flow.Delivery{})
	var l *intercept.Listener
	if o.otlp.serve != "" {
		addr, err := intercept.ParseAddr(o.otlp.serve)
		if err != nil {
			return recorder{}, err
		}
		if l, err = intercept.Listen(addr, intercept.ListenOptions{Exposed: o.expose, Warn: r.warn}); err != nil {
			return recorder{}, err
		}
		go m.Serve(l)
		r.warn(fmt.Errorf("metrics are served at %s", servedAt(l.Local())))
	}
	end := func() {
		_ = outlet.Close() // it has no queue
		m.Send(time.Now())
		if l != nil {
			l.Close()
		}
	}
	return recorder{close: end, after: true, lacks: func() error { return nil }}, nil
}

// servedAt says where metrics are asked for.
func servedAt(a intercept.Addr) string {
	if a.Network == "unix" {
		return a.String() + ", under /metrics"
	}
	return "http://" + a.HostPort() + "/metrics"
}
