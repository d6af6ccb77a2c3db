package render

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/stats"
	"github.com/socktrace/socktrace/wire"
)

// StatsJSON returns a report as a JSON line. docs/statistics.md describes it.
func StatsJSON(r *stats.Report) []byte {
	var o object
	o.moment(append(o.B, `{"event":"stats","time":`...), r.End)
	if !r.Start.IsZero() {
		o.time("start", r.Start)
	}
	o.totals(&r.All)
	o.Millis("waited_ms", r.Waited)
	list(&o, "operations", r.Operations, (*object).statsOperation)
	list(&o, "clients", r.Clients, (*object).statsClient)
	list(&o, "slowest", r.Slowest, (*object).statsExchange)
	list(&o, "still_open", r.Open, (*object).statsExchange)
	if ended := endedUses(r); len(ended) > 0 {
		list(&o, "deprecated", ended, func(o *object, e **endedUse) { o.statsEnded(*e, r) })
	}
	return append(o.B, '}', '\n')
}

// list writes an array of objects.
func list[T any](o *object, key string, of []T, write func(*object, *T)) {
	o.Open(key, '[')
	for i := range of {
		o.Open("", '{')
		write(o, &of[i])
		o.Close('}')
	}
	o.Close(']')
}

// totals writes what can be added up.
func (o *object) totals(t *stats.Totals) {
	o.Int("count", t.Count)
	o.Int("errors", t.Errors)
	o.Int("open", t.Open)
	o.Millis("total_ms", t.Total)
	o.Int("bytes_to_server", t.Bytes[wire.ToServer])
	o.Int("bytes_to_client", t.Bytes[wire.ToClient])
}

// statsOperation writes the figures of an operation.
func (o *object) statsOperation(op *stats.Operation) {
	o.asked(op.Name, op.Method)
	o.Optional("path", op.Path)
	o.Flag("other", op.Other)
	o.Flag("waits", op.Waits)
	o.totals(&op.Totals)
	if op.Timed > 0 {
		o.Millis("p50_ms", op.P50)
		o.Millis("p95_ms", op.P95)
		o.Millis("max_ms", op.Max)
	}
	o.Flag("estimated", op.Estimated)
}

// asked writes what was asked for.
func (o *object) asked(operation, method string) {
	o.Optional("operation", operation)
	o.Optional("method", method)
}

// statsClient writes the figures of a client.
func (o *object) statsClient(c *stats.Client) {
	o.Optional("name", c.Name)
	o.Optional("addr", c.Addr)
	o.Optional("certificate", c.Subject)
	o.Optional("user_agent", c.Agent)
	o.Flag("other", c.Other)
	o.totals(&c.Totals)
	o.statsVersions(c)
	if len(c.Daemons) > 0 {
		list(o, "daemons", c.Daemons, (*object).statsDaemon)
	}
}

// statsVersions writes what a client has asked for.
func (o *object) statsVersions(c *stats.Client) {
	if len(c.Versions) == 0 {
		return
	}
	list(o, "versions", c.Versions, func(o *object, v *stats.Version) {
		o.Optional("version", v.Name)
		o.Int("count", v.Count)
		o.Count("refused", v.Refused)
		if asked := askedOf(c, *v); v.Name != "" {
			o.Flag("adapts", asked.Adapts())
			o.Optional("verdict", asked.Says())
		}
	})
}

// statsDaemon writes what a daemon says of itself.
func (o *object) statsDaemon(d *stats.Daemon) {
	o.Optional("server", d.Server)
	o.Optional("newest", d.Newest)
}

// statsEnded writes what was used that is deprecated or removed.
func (o *object) statsEnded(e *endedUse, r *stats.Report) {
	o.Optional("operation", e.Operation)
	o.argument(e.Argument)
	o.Int("count", e.Count)
	o.String("says", e.says)
	o.Open("clients", '[')
	for _, i := range e.clients {
		o.String("", programName(&r.Clients[i]))
	}
	o.Close(']')
}

// argument writes what an argument is called, if there is one.
func (o *object) argument(a *dockerapi.Argument) {
	switch {
	case a == nil:
	case a.Field:
		o.String("field", a.Name)
	default:
		o.String("parameter", a.Name)
	}
}

// statsExchange writes one exchange.
func (o *object) statsExchange(e *stats.Exchange) {
	o.Count("conn", int64(e.Conn))
	o.Count("exchange", int64(e.Number))
	o.asked(e.Operation, e.Method)
	o.Optional("target", e.Target)
	o.statsSubject(&e.Subject)
	o.Count("status", int64(e.Status))
	if !e.Start.IsZero() {
		o.time("start", e.Start)
		o.Millis("duration_ms", e.Duration)
	}
	o.Optional("error", e.Error)
	o.Flag("waits", e.Waits)
}

// statsSubject writes what an exchange is about, if that is known.
func (o *object) statsSubject(s *wire.Subject) {
	if *s == (wire.Subject{}) {
		return
	}
	o.Open("subject", '{')
	o.Optional("type", s.Type)
	o.Optional("id", s.ID)
	o.Optional("name", s.Name)
	o.Optional("container", s.Container)
	o.Close('}')
}
