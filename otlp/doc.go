// Package otlp exports what was seen to an OpenTelemetry Collector: exchanges as spans,
// what is in bodies and streams as log records, and figures as metrics, by OTLP over HTTP
// (OpenTelemetry Protocol 1.x). It also shows the figures in the text form of Prometheus.
//
//	book ─► Sink ──────────┬► Exporter ┬► /v1/traces
//	lines ─► Audit ────────┤           ├► /v1/logs
//	book ─► Meter ┬────────┘           └► /v1/metrics
//	              └► Serve
//
// The Sink makes a span of each exchange and says which trace it belongs to; the Exporter
// puts spans together in batches and sends them in goroutines of its own, one for each
// kind. What waits is bounded, and what there is no room for is counted. With a spool
// (otlp/disk) a keeper puts to disk what a collector that is away cannot take. Audit makes
// log records of the lines of an audit, with the spans of their exchanges. Names of
// attributes are those of the semantic conventions 1.44; those that begin with "socktrace."
// are our own.
package otlp
