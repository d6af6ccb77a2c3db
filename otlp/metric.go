package otlp

import (
	"math"
	"time"

	"github.com/socktrace/socktrace/internal/protowire"
)

// metrics.proto: Metric and what is in one.
const (
	metricName        = 1
	metricDescription = 2
	metricUnit        = 3
	metricSum         = 7
	metricHistogram   = 9

	dataPoints  = 1 // of Sum and Histogram
	temporality = 2
	monotonic   = 3 // of Sum

	numberStart      = 2
	numberTime       = 3
	numberInt        = 6
	numberAttributes = 7

	histogramStart      = 2
	histogramTime       = 3
	histogramCount      = 4
	histogramSum        = 5
	histogramBuckets    = 6
	histogramBounds     = 7
	histogramAttributes = 9

	cumulative = 2
)

// The metrics, as both forms tell them.
const (
	durationName = "http.server.request.duration"
	durationHelp = "Duration of HTTP server requests."
	activeName   = "http.server.active_requests"
	activeHelp   = "Number of active HTTP server requests."
	openName     = "socktrace.connections.open"
	openHelp     = "Connections that are open now."
	connsName    = "socktrace.connections"
	connsHelp    = "Connections that were opened."
	ioName       = "socktrace.network.io"
	ioHelp       = "Bytes carried by connections."
	lostName     = "socktrace.export.lost"
	lostHelp     = "Spans and log records that the collector has not got."
)

// metrics returns the messages Metric of figures.
func metrics(f figures, start, now time.Time) [][]byte {
	var active []point
	for _, a := range f.active {
		active = append(active, point{[][2]string{{"http.request.method", a.method}, {"url.scheme", a.scheme}}, a.n})
	}
	way := func(name string) [][2]string { return [][2]string{{"network.io.direction", name}} }
	all := [][]byte{
		durationMetric(f.kinds, start, now),
		sum(openName, openHelp, "{connection}", false, start, now, point{n: f.open}),
		sum(connsName, connsHelp, "{connection}", true, start, now, point{n: f.conns}),
		sum(ioName, ioHelp, "By", true, start, now, point{way("receive"), f.bytes[0]}, point{way("transmit"), f.bytes[1]}),
		sum(lostName, lostHelp, "{item}", true, start, now, point{n: f.lost}),
	}
	if active != nil {
		all = append(all, sum(activeName, activeHelp, "{request}", false, start, now, active...))
	}
	return all
}

func head(name, description, unit string) []byte {
	dst := protowire.AppendBytes(nil, metricName, name)
	dst = protowire.AppendBytes(dst, metricDescription, description)
	return protowire.AppendBytes(dst, metricUnit, unit)
}

// point is a number, with its attributes.
type point struct {
	attributes [][2]string
	n          int64
}

// sum returns a metric that is a sum.
func sum(name, description, unit string, grows bool, start, now time.Time, points ...point) []byte {
	dst, at := protowire.Begin(head(name, description, unit), metricSum)
	for _, p := range points {
		var one int
		dst, one = protowire.Begin(dst, dataPoints)
		dst = protowire.AppendFixed64(dst, numberStart, nanos(start))
		dst = protowire.AppendFixed64(dst, numberTime, nanos(now))
		dst = protowire.AppendFixed64(dst, numberInt, uint64(p.n))
		for _, a := range p.attributes {
			dst = appendString(dst, numberAttributes, a[0], a[1])
		}
		dst = protowire.End(dst, one)
	}
	dst = protowire.AppendVarint(dst, temporality, cumulative)
	if grows {
		dst = protowire.AppendVarint(dst, monotonic, 1)
	}
	return protowire.End(dst, at)
}

// durationMetric returns the histogram of durations.
func durationMetric(kinds []*durations, start, now time.Time) []byte {
	dst, at := protowire.Begin(head(durationName, durationHelp, "s"), metricHistogram)
	for _, d := range kinds {
		var one int
		dst, one = protowire.Begin(dst, dataPoints)
		dst = protowire.AppendFixed64(dst, histogramStart, nanos(start))
		dst = protowire.AppendFixed64(dst, histogramTime, nanos(now))
		dst = protowire.AppendFixed64(dst, histogramCount, d.count)
		dst = protowire.AppendFixed64(dst, histogramSum, math.Float64bits(d.sum))
		dst = appendPacked(dst, histogramBuckets, d.buckets[:], func(n uint64) uint64 { return n })
		dst = appendPacked(dst, histogramBounds, bounds[:], math.Float64bits)
		dst = d.appendAttributes(dst)
		dst = protowire.End(dst, one)
	}
	return protowire.End(protowire.AppendVarint(dst, temporality, cumulative), at)
}

// appendPacked appends numbers of eight bytes in one field.
func appendPacked[T any](dst []byte, number protoNumber, all []T, bits func(T) uint64) []byte {
	dst = protowire.AppendLength(dst, number, 8*len(all))
	for _, v := range all {
		b := bits(v)
		dst = append(dst, byte(b), byte(b>>8), byte(b>>16), byte(b>>24), byte(b>>32), byte(b>>40), byte(b>>48), byte(b>>56))
	}
	return dst
}

func (k *kind) appendAttributes(dst []byte) []byte {
	if k.other {
		return appendTrue(dst, histogramAttributes, "otel.metric.overflow")
	}
	dst = appendText(dst, histogramAttributes, "http.request.method", k.method)
	dst = appendText(dst, histogramAttributes, "url.scheme", k.scheme)
	dst = appendText(dst, histogramAttributes, "http.route", k.route)
	if k.status != 0 {
		dst = appendInt(dst, histogramAttributes, "http.response.status_code", int64(k.status))
	}
	return appendText(dst, histogramAttributes, "error.type", k.failure)
}
