package filter

import (
	"time"

	"github.com/expr-lang/expr/types"

	"github.com/socktrace/socktrace/wire"
)

// field is a name that an expression may use.
type field struct {
	name  string
	typ   types.Type
	facts facts // what must be known of an exchange to tell it
	needs wire.Needs
	value func(*view) any
}

// What fields need beside start lines. wholeBodies stands for as much of each body as
// is kept.
var (
	nothing = wire.Needs{}
	heads   = wire.Needs{Fields: true}
	sizes   = wire.Needs{Sizes: true}
	bodies  = wire.Needs{Body: wholeBodies}
	streams = wire.Needs{Messages: true}
	// told is what those need who read in documents what the daemon says of an exchange.
	told = wire.Needs{Telling: true}
	// said is what those need who look at all that was said.
	said = wire.Needs{Messages: true, Body: wholeBodies}
)

const wholeBodies = 1

var (
	list   = types.TypeOf([]string{})
	table  = types.TypeOf(map[string]string{})
	length = types.TypeOf(time.Duration(0))
)

// fields are all there are. docs/filter.md lists them in the same order.
var fields = []field{
	{"method", types.String, requestHead, nothing, func(v *view) any { return v.request().Method }},
	{"path", types.String, requestHead, nothing, func(v *view) any { return v.path() }},
	{"target", types.String, requestHead, nothing, func(v *view) any { return v.request().Target }},
	{"query", table, requestHead, nothing, func(v *view) any { return v.query() }},
	{"version", types.String, requestHead, nothing, func(v *view) any { return v.request().Call.Version }},
	{"operation", types.String, requestHead, nothing, func(v *view) any { return v.request().Call.Operation }},
	{"subject.type", types.String, requestHead | subjectType, told, func(v *view) any { return v.x.Subject.Type }},
	{"subject.id", types.String, requestHead | subjectID, told, func(v *view) any { return v.x.Subject.ID }},
	{"subject.name", types.String, requestHead | subjectName, told, func(v *view) any { return v.x.Subject.Name }},
	{"subject.container", types.String, requestHead | subjectContainer, told, func(v *view) any { return v.x.Subject.Container }},
	{"status", types.Int, responseHead, nothing, func(v *view) any { return v.response().Status }},
	{"state", types.String, theEnd, nothing, func(v *view) any { return v.x.State.String() }},
	{"error", types.String, theEnd, told, func(v *view) any { return v.x.Outcome.Error }},
	{"exit", types.Any, theEnd, told, func(v *view) any { return v.exit() }},
	{"left", types.Bool, theEnd, nothing, func(v *view) any { return v.x.Outcome.Left }},
	{"duration", length, theEnd, nothing, func(v *view) any { return v.took(v.x.End) }},
	{"duration_ms", types.Float64, theEnd, nothing, func(v *view) any { return millis(v.took(v.x.End)) }},
	{"ttfb", length, responseHead, nothing, func(v *view) any { return v.took(v.x.FirstByte) }},
	{"ttfb_ms", types.Float64, responseHead, nothing, func(v *view) any { return millis(v.took(v.x.FirstByte)) }},
	{"request.headers", table, requestHead, heads, func(v *view) any { return v.headers(v.request().Fields) }},
	{"request.body", types.String, theEnd, bodies, func(v *view) any { return text(v.requestBody()) }},
	{"request.json", types.Any, theEnd, bodies, func(v *view) any { return v.document(wire.ToServer, v.requestBody()) }},
	{"request.bytes", types.Int, theEnd, sizes, func(v *view) any { return int(v.requestBody().Bytes) }},
	{"request.wire_bytes", types.Int, theEnd, nothing, func(v *view) any { return int(v.requestBody().WireBytes) }},
	{"response.headers", table, responseHead, heads, func(v *view) any { return v.headers(v.response().Fields) }},
	{"response.body", types.String, theEnd, bodies, func(v *view) any { return text(v.responseBody()) }},
	{"response.json", types.Any, theEnd, bodies, func(v *view) any { return v.document(wire.ToClient, v.responseBody()) }},
	{"response.bytes", types.Int, theEnd, sizes, func(v *view) any { return int(v.responseBody().Bytes) }},
	{"response.wire_bytes", types.Int, theEnd, nothing, func(v *view) any { return int(v.responseBody().WireBytes) }},
	{"stdout", types.String, theEnd, streams, func(v *view) any { return v.stream(wire.KindStdout) }},
	{"stderr", types.String, theEnd, streams, func(v *view) any { return v.stream(wire.KindStderr) }},
	{"text", types.String, theEnd, streams, func(v *view) any { return v.stream(wire.KindCount) }},
	{"frames", list, theEnd, streams, func(v *view) any { return v.frames() }},
	{"anomalies", list, theEnd, nothing, func(v *view) any { return v.anomalies() }},
	{"upgrade", types.String, theEnd, nothing, func(v *view) any { return v.upgrade() }},
	{"conn", types.Int, 0, nothing, func(v *view) any { return v.conn().ID }},
	{"tls.version", types.String, 0, nothing, func(v *view) any { return v.tls().Version }},
	{"tls.cipher", types.String, 0, nothing, func(v *view) any { return v.tls().Cipher }},
	{"tls.server_name", types.String, 0, nothing, func(v *view) any { return v.tls().ServerName }},
	{"tls.alpn", types.String, 0, nothing, func(v *view) any { return v.tls().Protocol }},
	{"tls.client", types.String, 0, nothing, func(v *view) any { return v.shownBy("server", wire.ToServer) }},
	{"tls.server", types.String, 0, nothing, func(v *view) any { return v.shownBy("client", wire.ToClient) }},
	{"client.pid", types.Int, 0, nothing, func(v *view) any { return v.client().PID }},
	{"client.uid", types.Int, 0, nothing, func(v *view) any { return v.client().UID }},
	{"client.name", types.String, 0, nothing, func(v *view) any { return v.client().Name }},
}

// named are the fields by their names.
var named = func() map[string]*field {
	m := make(map[string]*field, len(fields))
	for i := range fields {
		m[fields[i].name] = &fields[i]
	}
	return m
}()

// environment is what expressions are checked against.
var environment = func() types.Map {
	m := make(types.Map, len(fields))
	for _, f := range fields {
		m[f.name] = f.typ
	}
	m[meterField] = types.Any
	return m
}()
