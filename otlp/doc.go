// Package otlp exports what was seen to an OpenTelemetry Collector: exchanges as spans,
// what is in bodies and streams as log records, and figures as metrics, by OTLP over HTTP
// (OpenTelemetry Protocol 1.x). It also shows the figures in the text form of Prometheus.
//
//	book ─► queue ─► Sink ─► Exporter ┬► /v1/traces
//	                                  └► /v1/logs
//	book ─► Meter ─► Exporter ─► /v1/metrics, and Serve
//
// The Sink makes a span of each exchange and says which trace it belongs to; the Exporter
// puts spans together in batches and sends them in goroutines of its own, one for each
// kind. What waits is bounded, and what there is no room for is counted. Names of
// attributes are those of the semantic conventions 1.44; those that begin with "socktrace."
// are our own.
package otlp
